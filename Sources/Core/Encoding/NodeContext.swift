/// What a node is told of the rest of its graph before the first layer.
///
/// Each layer of a GCN lets a node know of its neighbours, in the direction of aggregation only. That a convolution has
/// another one beside it, or two behind it on the same path, is more than a few layers make out of some hundred
/// samples; as features of the node it costs a sparse product with the first layer's weights.
public enum NodeContext: String, Codable, Hashable, Sendable, CaseIterable {
  /// For each operation, log(1 + n) of the n nodes with it from which data comes, directly or through others.
  case ancestors
  /// For each operation, log(1 + n) of the n nodes with it to which data goes, directly or through others.
  case descendants
  /// For each operation, log(1 + n) of the n nodes with it from which data comes directly.
  case predecessors
  /// For each operation, log(1 + n) of the n nodes with it to which data goes directly.
  case successors
  /// log(1 + n) of the n direct predecessors, then of the n direct successors.
  case degrees

  /// How many features it is, with so many operations.
  func featureCount(operations: Int) -> Int { self == .degrees ? 2 : operations }

  /// What the features are, in order.
  func featureNames(operations: [NetworkOperation]) -> [String] {
    self == .degrees ? ["predecessors", "successors"] : operations.map { "\(rawValue): \($0)" }
  }
}

/// Which nodes can be reached from which along the edges of one graph.
struct Reachability {
  /// Row by row the nodes that each node reaches, a bit for each.
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
    // From the outputs up: a node is ready once all its successors are.
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

  /// Calls `body` with each node and one that it reaches.
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
