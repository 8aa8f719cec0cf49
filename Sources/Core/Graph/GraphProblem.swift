/// The reason why nodes and edges are not a valid graph, and the node or edge that is wrong.
package struct GraphProblem: Error {
  package enum Subject {
    case graph
    case node(Int)
    case edge(Int)
  }

  package var subject: Subject
  package var cause: String
  package var remedy: String?

  init(_ subject: Subject, _ cause: String, remedy: String? = nil) {
    self.subject = subject
    self.cause = cause
    self.remedy = remedy
  }

  var inputError: InputError { InputError(cause, remedy: remedy) }

  /// Requires that nodes and edges are a valid graph. Without a registry any operation is allowed.
  /// - Throws: The first problem found: of nodes first, then of edges, then cycles.
  static func requireValid(nodes: [Node], edges: [Edge], registry: OperationRegistry?) throws(GraphProblem) {
    if nodes.isEmpty { throw .noNodes }
    for (index, node) in nodes.enumerated() {
      try check(node, at: index, registry: registry)
    }
    try checkEnds(of: edges, nodeCount: nodes.count)
    try checkDuplicates(in: edges, nodeCount: nodes.count)
    // Most files list their nodes in topological order, which can have no cycle.
    if !edges.allSatisfy({ $0.source < $0.target }), let cycle = cycle(in: edges, nodeCount: nodes.count) {
      throw .cycle(cycle)
    }
  }

  private static func check(_ node: Node, at index: Int, registry: OperationRegistry?) throws(GraphProblem) {
    if let registry, registry.position(of: node.operation) == nil {
      throw .unknownOperation(node, at: index, nearest: registry.nearest(to: node.operation.rawValue))
    }
    guard node.hasInvalidAttribute else { return }
    for attribute in NodeAttribute.allCases {
      guard let value = node[attribute], value < 1 || value >= Int(Int32.max) else { continue }
      throw .attribute(attribute, value, of: node, at: index)
    }
  }

  private static func checkEnds(of edges: [Edge], nodeCount: Int) throws(GraphProblem) {
    for (index, edge) in edges.enumerated() {
      for end in [edge.source, edge.target] where end < 0 || end >= nodeCount {
        throw .noNode(end, of: nodeCount, for: edge, at: index)
      }
      if edge.source == edge.target { throw .loop(edge, at: index) }
    }
  }

  private static func checkDuplicates(in edges: [Edge], nodeCount: Int) throws(GraphProblem) {
    let keys = edges.map { $0.source * nodeCount + $0.target }
    let sorted = keys.sorted()
    guard zip(sorted, sorted.dropFirst()).contains(where: ==) else { return }
    var seen: [Int: Int] = [:]
    for (index, key) in keys.enumerated() {
      if let first = seen.updateValue(index, forKey: key) {
        throw .duplicate(edges[index], at: index, of: first)
      }
    }
  }

  /// The nodes of a cycle, with the first one again at the end; nil without a cycle.
  private static func cycle(in edges: [Edge], nodeCount: Int) -> [Int]? {
    var successors = [[Int]](repeating: [], count: nodeCount)
    var waiting = [Int](repeating: 0, count: nodeCount)
    for edge in edges {
      successors[edge.source].append(edge.target)
      waiting[edge.target] += 1
    }
    // Kahn's algorithm removes nodes without remaining predecessors. The rest are on cycles or behind them.
    var ready = (0..<nodeCount).filter { waiting[$0] == 0 }
    while let node = ready.popLast() {
      for successor in successors[node] {
        waiting[successor] -= 1
        if waiting[successor] == 0 { ready.append(successor) }
      }
    }
    // Each remaining node has a remaining predecessor, so walking backwards must reach a node twice.
    var predecessor = [Int?](repeating: nil, count: nodeCount)
    for edge in edges where waiting[edge.source] > 0 && waiting[edge.target] > 0 {
      predecessor[edge.target] = predecessor[edge.target] ?? edge.source
    }
    guard var node = waiting.firstIndex(where: { $0 > 0 }) else { return nil }
    var path: [Int] = []
    var visited = Set<Int>()
    while visited.insert(node).inserted {
      path.append(node)
      guard let previous = predecessor[node] else { return nil }
      node = previous
    }
    let round = Array(path[(path.firstIndex(of: node) ?? 0)...].reversed())
    let start = round.indices.min { round[$0] < round[$1] } ?? 0
    return Array(round[start...] + round[..<start] + [round[start]])
  }
}

/// The problems, with their words.
extension GraphProblem {
  private static let noNodes = GraphProblem(.graph, "the graph has no nodes")

  private static func cycle(_ nodes: [Int]) -> GraphProblem {
    GraphProblem(
      .graph, "the edges form a cycle: \(nodes.map(String.init).joined(separator: " -> "))",
      remedy: "Data flows from a network's input to its output; remove or reverse one of these edges.")
  }

  private static func unknownOperation(_ node: Node, at index: Int, nearest: NetworkOperation?) -> GraphProblem {
    GraphProblem(
      .node(index), "node \(index) has the unknown operation \"\(node.operation)\"",
      remedy: (nearest.map { "Did you mean \"\($0)\"? " } ?? "")
        + "Add an operation of your own with OperationRegistry.standard.adding(...).")
  }

  private static func attribute(
    _ attribute: NodeAttribute, _ value: Int, of node: Node, at index: Int
  ) -> GraphProblem {
    GraphProblem(
      .node(index), "\"\(attribute.rawValue)\" of node \(index) (\(node.operation)) is \(value)",
      remedy: "It must be from 1 to \(Int32.max - 1); leave it out where the operation has none.")
  }

  private static func noNode(_ end: Int, of count: Int, for edge: Edge, at index: Int) -> GraphProblem {
    GraphProblem(
      .edge(index), "edge \(index), \(edge), joins node \(end), but the nodes are 0 to \(count - 1)",
      remedy: "An edge is a pair of node indices counted from 0.")
  }

  private static func loop(_ edge: Edge, at index: Int) -> GraphProblem {
    GraphProblem(
      .edge(index), "edge \(index), \(edge), is a cycle: it leads from a node to itself",
      remedy: "Remove it; encodings add self-loops themselves.")
  }

  private static func duplicate(_ edge: Edge, at index: Int, of first: Int) -> GraphProblem {
    GraphProblem(
      .edge(index), "edge \(index), \(edge), is the same as edge \(first)", remedy: "Remove one of them.")
  }
}
