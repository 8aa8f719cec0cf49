/// A graph to be drawn: boxes with texts, and arrows between them.
///
/// ```swift
/// let cell = try DirectedGraph(
///   nodes: [.init("input"), .init("conv 3×3", operation: "conv"), .init("output")], edges: [(0, 1), (1, 2), (0, 2)])
/// ```
public struct DirectedGraph: Codable, Hashable, Sendable {
  public struct Node: Codable, Hashable, Sendable {
    public var label: String
    /// The operation. Nodes with the same operation have the same colour.
    public var operation: String
    /// A smaller second line, such as a shape.
    public var annotation: String?

    /// - Parameter operation: The operation; nil for the label.
    public init(_ label: String, operation: String? = nil, annotation: String? = nil) {
      self.label = label
      self.operation = operation ?? label
      self.annotation = annotation
    }
  }

  public struct Edge: Codable, Hashable, Sendable {
    public var from: Int
    public var to: Int

    public init(from: Int, to: Int) {
      self.from = from
      self.to = to
    }
  }

  public let nodes: [Node]
  /// The edges, each once.
  public let edges: [Edge]

  /// - Parameter edges: Pairs of node indices. Cycles are allowed.
  /// - Throws: ``DrawingError`` for an edge to an unknown node, or from a node to itself.
  public init(nodes: [Node], edges: [(from: Int, to: Int)]) throws {
    self.nodes = nodes
    var known: Set<Edge> = []
    self.edges = try edges.compactMap { from, to in
      guard nodes.indices.contains(from), nodes.indices.contains(to) else {
        throw DrawingError(
          "an edge leads from node \(from) to node \(to), but the graph has \(nodes.count) nodes",
          remedy: "Number nodes from 0, in the order in which they are given.")
      }
      guard from != to else {
        throw DrawingError(
          "an edge leads from node \(from), \"\(nodes[from].label)\", to itself", remedy: "Leave that edge out.")
      }
      let edge = Edge(from: from, to: to)
      return known.insert(edge).inserted ? edge : nil
    }
  }
}
