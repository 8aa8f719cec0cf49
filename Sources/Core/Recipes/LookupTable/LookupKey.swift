/// What a lookup table has an entry for.
public enum LookupKey: String, Codable, Hashable, Sendable, CaseIterable {
  /// A node at its place, as FBNet's table of positions and blocks (Wu and others, 2019).
  case position
  /// An operation with all its sizes, wherever it is, as the tables of ChamNet (Dai and others, 2019) and Once-for-all
  /// (Cai and others, 2020): it serves combinations that were never measured together.
  case shape

  struct Entry: Codable, Hashable, Sendable {
    /// Nil where the place doesn't matter.
    var position: Int?
    var node: Node
  }

  /// The entries whose times a network's is the sum of; what doesn't run has none.
  func entries(of graph: NetworkGraph) -> [Entry] {
    graph.nodes.enumerated().compactMap { position, node in
      guard ![.input, .output, .removed].contains(node.operation) else { return nil }
      return Entry(position: self == .position ? position : nil, node: node)
    }
  }
}
