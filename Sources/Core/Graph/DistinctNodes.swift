/// The different nodes of some graphs. What depends on a node alone is then computed once for all graphs that have it.
struct DistinctNodes {
  let graphs: [NetworkGraph]
  /// The nodes, each once, in the order in which they first come.
  let nodes: [Node]
  /// For each graph the index in `nodes` of each of its nodes, one graph after the other.
  private let numbers: [Int32]
  private let starts: [Int]

  init(_ graphs: [NetworkGraph]) {
    var nodes: [Node] = []
    var found: [Node: Int32] = [:]
    var numbers: [Int32] = []
    var starts = [0]
    numbers.reserveCapacity(graphs.reduce(0) { $0 + $1.nodes.count })
    starts.reserveCapacity(graphs.count + 1)
    for graph in graphs {
      for node in graph.nodes {
        if let number = found[node] {
          numbers.append(number)
        } else {
          found[node] = Int32(nodes.count)
          numbers.append(Int32(nodes.count))
          nodes.append(node)
        }
      }
      starts.append(numbers.count)
    }
    self.graphs = graphs
    self.nodes = nodes
    self.numbers = numbers
    self.starts = starts
  }

  /// - Throws: `InputError` that names the first graph with an operation that `registry` doesn't have.
  func requireOperations(of registry: OperationRegistry) throws {
    guard nodes.contains(where: { registry.position(of: $0.operation) == nil }) else { return }
    for graph in graphs { try graph.requireOperations(of: registry) }
  }

  /// The indices in `nodes` of a graph's nodes.
  subscript(graph: Int) -> ArraySlice<Int32> { numbers[starts[graph]..<starts[graph + 1]] }
}
