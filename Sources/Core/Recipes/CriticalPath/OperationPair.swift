/// Two operations, in alphabetical order, whose nodes can run at the same time.
public struct OperationPair: Codable, Hashable, Sendable, Comparable {
  public let first: NetworkOperation
  public let second: NetworkOperation

  init(_ left: NetworkOperation, _ right: NetworkOperation) {
    (first, second) = left.rawValue <= right.rawValue ? (left, right) : (right, left)
  }

  public static func < (left: Self, right: Self) -> Bool {
    (left.first.rawValue, left.second.rawValue) < (right.first.rawValue, right.second.rawValue)
  }
}

extension NetworkGraph {
  /// For each pair of operations the number of pairs of nodes of which neither depends on the other, so that they can
  /// run at the same time. Nodes without edges don't count.
  var parallelPairs: [OperationPair: Double] {
    guard !edges.isEmpty else { return [:] }
    var isUsed = [Bool](repeating: false, count: nodes.count)
    for edge in edges {
      isUsed[edge.source] = true
      isUsed[edge.target] = true
    }
    var counts: [NetworkOperation: Double] = [:]
    for (node, used) in zip(nodes, isUsed) where used { counts[node.operation, default: 0] += 1 }
    var pairs: [OperationPair: Double] = [:]
    for (left, leftCount) in counts {
      for (right, rightCount) in counts where left.rawValue <= right.rawValue {
        pairs[OperationPair(left, right)] = left == right ? leftCount * (leftCount - 1) / 2 : leftCount * rightCount
      }
    }
    Reachability(edges, nodeCount: nodes.count).forEachPair {
      pairs[OperationPair(nodes[$0].operation, nodes[$1].operation), default: 0] -= 1
    }
    return pairs.filter { $0.value > 0 }
  }
}
