import Testing

@testable import Core

@Suite struct TabularFeaturesTests {
  /// Sums that are computed node by node are those of whole graphs, also where FLOPs depend on a node's input.
  @Test func sumsAreThoseOfEachGraph() throws {
    let graphs =
      try [(4, 6), (8, 6), (8, 2)].enumerated().map { number, sizes in
        let (channels, height) = sizes
        return try chain(
          "\(number)",
          [
            Node(.input, outputChannels: 3, height: height, width: 6),
            Node(
              .convolution, kernel: 3, stride: 1, inputChannels: 3, outputChannels: channels, height: height, width: 6),
            Node(.relu, outputChannels: channels, height: height, width: 6),
            Node(.globalAveragePool, inputChannels: channels, outputChannels: channels),
            Node(.linear, inputChannels: channels, outputChannels: 10),
          ])
      } + PrunedResNet.load("epyc-ort-1t").graphs.prefix(20)
    let registry = try OperationRegistry.standard.restricted(to: graphs.flatMap { $0.nodes.map(\.operation) })
    let sums = graphs.map { $0.operationSums(registry: registry) }
    let terms = Set(sums.flatMap(\.keys)).sorted()
    #expect(terms.contains { $0.operation == .globalAveragePool && $0.measure == .flops })
    let nodes = DistinctNodes(graphs)
    #expect(Set(nodes.nodes).count == nodes.nodes.count)
    let columns = TermColumns(terms, nodes: nodes.nodes, registry: registry)
    for (index, graph) in graphs.enumerated() {
      #expect(nodes[index].map { nodes.nodes[Int($0)] } == graph.nodes)
      var row = [Double](repeating: 0, count: terms.count)
      columns.add(nodes[index], of: graph, to: &row)
      #expect(row == terms.map { sums[index][$0] ?? 0 })
    }
  }

  /// In aligned networks a column says which node stands where. Unknown nodes have only zeros there.
  @Test func onesSayWhichNodeStandsWhere() throws {
    func network(_ first: NetworkOperation, _ second: NetworkOperation) throws -> NetworkGraph {
      try chain("\(first) \(second)", [Node(.input), Node(first), Node(second)])
    }
    let features = try TabularFeatures(fitting: [network(.relu, .add), network(.add, .add), network(.relu, .relu)])
    let names = features.names
    let rows = try features.rows(of: [network(.relu, .add), network(.add, .relu)])
    func value(_ row: Int, _ name: String) throws -> Double { rows[row][try #require(names.firstIndex(of: name))] }
    #expect(try value(0, "relu at node 1") == 1 && value(0, "add at node 1") == 0)
    #expect(try value(1, "relu at node 1") == 0 && value(1, "add at node 1") == 1)
    #expect(try value(0, "count of add") == 1 && value(1, "relu at node 2") == 1)
    #expect(
      try message { _ = try features.rows(of: [network(.relu, .add), network(.relu, .linear)]) }.hasPrefix(
        "\"relu linear\" has the operation \"linear\", which no training graph had"))
    #expect(
      try message { _ = try features.rows(of: [chain("long", [Node(.relu), Node(.relu), Node(.relu), Node(.relu)])]) }
        .hasPrefix("\"long\" has 4 nodes, but the known networks have 3"))
  }
}
