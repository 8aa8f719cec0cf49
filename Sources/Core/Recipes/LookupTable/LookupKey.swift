/// The key of a lookup table's entries.
public enum LookupKey: String, Codable, Hashable, Sendable, CaseIterable {
  /// A node at its place, as in FBNet's table of positions and blocks (Wu and others, 2019).
  case position
  /// An operation with all its sizes at any place, as in the tables of ChamNet (Dai and others, 2019) and
  /// Once-for-all (Cai and others, 2020). It also predicts combinations that were never measured together.
  case shape

  struct Entry: Codable, Hashable, Sendable {
    /// The place; nil if it doesn't matter.
    var position: Int?
    var node: Node
  }

  /// The entries whose times are summed for a network. Nodes that don't run have no entry.
  func entries(of graph: NetworkGraph) -> [Entry] {
    graph.nodes.enumerated().compactMap { position, node in
      guard ![.input, .output, .removed].contains(node.operation) else { return nil }
      return Entry(position: self == .position ? position : nil, node: node)
    }
  }
}
