/// Builds a cell's graph from its operations: the input (node 0), the six edges (1 to 6) and the output (7).
extension NASBench201 {
  private static let nodeCount = 8

  static func graph(
    _ operations: [NetworkOperation], id: String, _ form: Form, properties: [String: Double]
  ) -> NetworkGraph {
    let (live, successors) = form == .pruned ? prune(operations) : (NodeSet(rawValue: .max), unprunedFlow)
    var nodes: [Node] = []
    var edges: [Edge] = []
    for node in 0..<nodeCount {
      guard live.contains(.node(node)) else {
        nodes.append(Node(.removed))
        continue
      }
      nodes.append(self.node(node, operations))
      let targets = successors[node].intersection(live)
      for target in 0..<nodeCount where targets.contains(.node(target)) { edges.append(Edge(node, target)) }
    }
    return NetworkGraph(uncheckedID: id, nodes: nodes, edges: edges, properties: properties)
  }

  private static func node(_ index: Int, _ operations: [NetworkOperation]) -> Node {
    if index == 0 { return Node(.input) }
    if index == nodeCount - 1 { return Node(.output) }
    let operation = operations[index - 1]
    switch operation {
    case .cellConvolution1x1: return Node(operation, kernel: 1, stride: 1)
    case .cellConvolution3x3, .cellAveragePool3x3: return Node(operation, kernel: 3, stride: 1)
    default: return Node(operation)
    }
  }

  /// The successors of each node before anything is pruned.
  private static let unprunedFlow: [NodeSet] = {
    var successors = [NodeSet](repeating: [], count: nodeCount)
    for (index, edge) in edges.enumerated() {
      if edge.0 == 0 { successors[0].insert(.node(1 + index)) }
      if edge.1 == 3 { successors[1 + index].insert(.node(nodeCount - 1)) }
      for (next, following) in edges.enumerated() where following.0 == edge.1 {
        successors[1 + index].insert(.node(1 + next))
      }
    }
    return successors
  }()

  /// The nodes on a path from input to output after `none` is cut and `skip_connect` bypassed, and the successors of
  /// all nodes.
  static func prune(_ operations: [NetworkOperation]) -> (live: NodeSet, successors: [NodeSet]) {
    var successors = unprunedFlow
    for (index, operation) in operations.enumerated() where operation == .noOperation || operation == .skipConnect {
      let node = 1 + index
      for predecessor in 0..<nodeCount where successors[predecessor].contains(.node(node)) {
        successors[predecessor].remove(.node(node))
        if operation == .skipConnect { successors[predecessor].formUnion(successors[node]) }
      }
      successors[node] = []
    }
    // Every edge leads from a lower to a higher node, so one pass in order follows all paths.
    var reached = NodeSet.node(0)
    for node in 0..<nodeCount where reached.contains(.node(node)) { reached.formUnion(successors[node]) }
    var useful = NodeSet.node(nodeCount - 1)
    for node in (0..<nodeCount).reversed() where !successors[node].isDisjoint(with: useful) {
      useful.insert(.node(node))
    }
    return (reached.intersection(useful), successors)
  }

  /// A set of the nodes of a cell's graph, with one bit for each.
  struct NodeSet: OptionSet {
    let rawValue: UInt8

    static func node(_ index: Int) -> NodeSet { NodeSet(rawValue: 1 << UInt8(index)) }
  }
}
