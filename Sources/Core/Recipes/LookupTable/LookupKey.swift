/// The key of a lookup table's entries.
public enum LookupKey: String, Codable, Hashable, Sendable, CaseIterable {
  /// A node at its place, as in FBNet's table of positions and blocks (Wu and others, 2019).
  case position
  /// An operation with all its sizes at any place, as in the tables of ChamNet (Dai and others, 2019) and
  /// Once-for-all (Cai and others, 2020). It also predicts combinations that were never measured together.
  case shape

  struct Entry: CheckedStructure, Codable, Hashable, Sendable {
    /// The place; nil if it doesn't matter.
    var position: Int?
    var node: Node

    /// Whether a graph can have such a node.
    var isSound: Bool { (position.map { 0...Int(Int32.max) ~= $0 } ?? true) && !node.hasInvalidAttribute }
  }

  /// The entries whose times are summed for a network. Nodes that don't run have no entry.
  func entries(of graph: NetworkGraph) -> [Entry] { numberedEntries(of: graph).map(\.entry) }

  /// The same entries with the index of each one's node.
  func numberedEntries(of graph: NetworkGraph) -> [(node: Int, entry: Entry)] {
    graph.nodes.enumerated().compactMap { index, node -> (node: Int, entry: Entry)? in
      guard ![.input, .output, .removed].contains(node.operation) else { return nil }
      return (index, Entry(position: self == .position ? index : nil, node: node))
    }
  }
}
