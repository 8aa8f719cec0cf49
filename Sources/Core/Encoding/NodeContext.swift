/// Features of a node about the rest of its graph.
///
/// Each layer of a GCN lets a node learn about its neighbours, in the direction of aggregation only. A few layers
/// can't learn from some hundred samples that a convolution has another one beside it, or two behind it on the same
/// path. As features of the node these facts cost one sparse product with the first layer's weights.
public enum NodeContext: String, Codable, Hashable, Sendable, CaseIterable {
  /// For each operation log(1 + n), where n is the number of the node's ancestors with this operation.
  case ancestors
  /// For each operation log(1 + n), where n is the number of the node's descendants with this operation.
  case descendants
  /// For each operation log(1 + n), where n is the number of the node's direct predecessors with this operation.
  case predecessors
  /// For each operation log(1 + n), where n is the number of the node's direct successors with this operation.
  case successors
  /// The values log(1 + n) of the number n of direct predecessors and of direct successors.
  case degrees

  /// The number of features for so many operations.
  func featureCount(operations: Int) -> Int { self == .degrees ? 2 : operations }

  /// The names of the features, in order.
  func featureNames(operations: [NetworkOperation]) -> [String] {
    self == .degrees ? ["predecessors", "successors"] : operations.map { "\(rawValue): \($0)" }
  }
}

/// The nodes that can be reached from each node along the edges of a graph.
struct Reachability {
  /// A bit matrix: for each node one row of bits, which are set for the nodes that it reaches.
  private let bits: [UInt64]
  private let wordsPerRow: Int

  init(_ edges: [Edge], nodeCount: Int) {
    wordsPerRow = (nodeCount + 63) / 64
    var bits = [UInt64](repeating: 0, count: nodeCount * wordsPerRow)
    var successors = [[Int]](repeating: [], count: nodeCount)
    var predecessors = successors
    for edge in edges {
      successors[edge.source].append(edge.target)
      predecessors[edge.target].append(edge.source)
    }
    // The nodes are visited from the outputs up: a node is ready once all its successors were visited.
    var waiting = successors.map(\.count)
    var ready = waiting.indices.filter { waiting[$0] == 0 }
    while let node = ready.popLast() {
      let row = node * wordsPerRow
      for successor in successors[node] {
        for word in 0..<wordsPerRow { bits[row + word] |= bits[successor * wordsPerRow + word] }
        bits[row + successor / 64] |= 1 << UInt64(successor % 64)
      }
      for predecessor in predecessors[node] {
        waiting[predecessor] -= 1
        if waiting[predecessor] == 0 { ready.append(predecessor) }
      }
    }
    self.bits = bits
  }

  /// Calls `body` with each pair of a node and one that it reaches.
  func forEachPair(_ body: (_ node: Int, _ reached: Int) -> Void) {
    for position in bits.indices {
      var word = bits[position]
      while word != 0 {
        body(position / wordsPerRow, position % wordsPerRow * 64 + word.trailingZeroBitCount)
        word &= word - 1
      }
    }
  }
}
