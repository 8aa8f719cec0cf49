import Foundation
import Testing

@testable import Core

@Suite struct NetworkGraphTests {
  struct Invalid: CustomTestStringConvertible, Sendable {
    var nodes: [Node]
    var edges: [Edge]
    var message: String
    var testDescription: String { message }
  }

  @Test(arguments: [
    Invalid(nodes: [], edges: [], message: "the graph has no nodes"),
    Invalid(
      nodes: [Node(.input), Node("convv")], edges: [Edge(0, 1)],
      message: """
        node 1 has the unknown operation "convv"
          Did you mean "conv"? Add an operation of your own with OperationRegistry.standard.adding(...).
        """),
    Invalid(
      nodes: [Node("quaternion")], edges: [],
      message: """
        node 0 has the unknown operation "quaternion"
          Add an operation of your own with OperationRegistry.standard.adding(...).
        """),
    Invalid(
      nodes: [Node(.input), Node(.convolution, kernel: 0)], edges: [],
      message: """
        "kernel" of node 1 (conv) is 0
          It must be from 1 to 2147483646; leave it out where the operation has none.
        """),
    Invalid(
      nodes: [Node(.input, outputChannels: -3)], edges: [],
      message: """
        "out_channels" of node 0 (input) is -3
          It must be from 1 to 2147483646; leave it out where the operation has none.
        """),
    Invalid(
      nodes: [Node(.input), Node(.output)], edges: [Edge(0, 1), Edge(1, 2)],
      message: """
        edge 1, [1,2], joins node 2, but the nodes are 0 to 1
          An edge is a pair of node indices counted from 0.
        """),
    Invalid(
      nodes: [Node(.input), Node(.output)], edges: [Edge(-1, 1)],
      message: """
        edge 0, [-1,1], joins node -1, but the nodes are 0 to 1
          An edge is a pair of node indices counted from 0.
        """),
    Invalid(
      nodes: [Node(.input), Node(.output)], edges: [Edge(1, 1)],
      message: """
        edge 0, [1,1], is a cycle: it leads from a node to itself
          Remove it; encodings add self-loops themselves.
        """),
    Invalid(
      nodes: [Node(.input), Node(.relu), Node(.output)], edges: [Edge(0, 1), Edge(1, 2), Edge(0, 1)],
      message: """
        edge 2, [0,1], is the same as edge 0
          Remove one of them.
        """),
    Invalid(
      nodes: [Node](repeating: Node(.relu), count: 6),
      edges: [Edge(0, 4), Edge(4, 2), Edge(2, 3), Edge(3, 4), Edge(3, 5)],
      message: """
        the edges form a cycle: 2 -> 3 -> 4 -> 2
          Data flows from a network's input to its output; remove or reverse one of these edges.
        """),
  ])
  func invalidGraphs(_ invalid: Invalid) throws {
    #expect(
      try message { _ = try NetworkGraph(id: "g", nodes: invalid.nodes, edges: invalid.edges) } == invalid.message)
  }

  @Test func edgesMayRunAgainstTheOrderOfTheNodes() throws {
    let graph = try NetworkGraph(
      id: "g", nodes: [Node(.output), Node(.relu), Node(.input)], edges: [Edge(2, 1), Edge(1, 0)])
    #expect(graph.edges.map(\.source) == [2, 1])
  }

  @Test func ownOperations() throws {
    let registry = OperationRegistry.standard.adding([OperationDefinition("swiglu", cost: .elementwise)])
    let graph = try NetworkGraph(
      id: "g", nodes: [Node("swiglu", outputChannels: 4, height: 2, width: 3)], edges: [], registry: registry)
    #expect(graph.floatingPointOperations(registry: registry) == [24])
    #expect(graph.floatingPointOperations() == [nil])
  }

  struct Cost: CustomTestStringConvertible, Sendable {
    var node: Node
    var flops: Double?
    var testDescription: String { "\(node.operation) \(flops.map(String.init(describing:)) ?? "nil")" }
  }

  /// Each node follows an input of 8 channels of 6x5.
  @Test(arguments: [
    Cost(node: Node(.output), flops: 0),
    Cost(
      node: Node(.convolution, kernel: 3, inputChannels: 8, outputChannels: 16, height: 3, width: 5),
      flops: 2 * 9 * 8 * 16 * 15),
    Cost(
      node: Node(.convolution, kernel: 3, inputChannels: 8, outputChannels: 8, height: 6, width: 5, groups: 8),
      flops: 2 * 9 * 8 * 30),
    Cost(
      node: Node(.convolution, kernel: 1, inputChannels: 8, outputChannels: 8, height: 6, width: 5, kernelWidth: 7),
      flops: 2 * 7 * 8 * 8 * 30),
    Cost(node: Node(.convolution, kernel: 3, inputChannels: 8, outputChannels: 16), flops: nil),
    Cost(node: Node(.linear, inputChannels: 8, outputChannels: 10), flops: 160),
    Cost(node: Node(.linear, inputChannels: 8, outputChannels: 10, height: 7, width: 1), flops: 1120),
    Cost(node: Node("max_pool", kernel: 2, inputChannels: 8, outputChannels: 8, height: 3, width: 2), flops: 192),
    Cost(
      node: Node(.globalAveragePool, inputChannels: 8, outputChannels: 8, height: 1, width: 1), flops: 240),
    Cost(node: Node(.relu, inputChannels: 8, outputChannels: 8, height: 6, width: 5), flops: 240),
    Cost(node: Node(.relu), flops: nil),
  ])
  func floatingPointOperations(_ cost: Cost) throws {
    let graph = try chain("g", [Node(.input, outputChannels: 8, height: 6, width: 5), cost.node])
    #expect(graph.floatingPointOperations()[1] == cost.flops)
    #expect(graph.totalFloatingPointOperations() == cost.flops ?? 0)
  }

  @Test func itsCodableFormIsALineOfTheFile() throws {
    let graph = try chain(
      "p1", [Node(.input, outputChannels: 3, height: 32, width: 32), Node(.relu), Node(.output)],
      properties: ["pruned_units": 2])
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let line = String(decoding: try encoder.encode(graph), as: UTF8.self)
    #expect(
      line == """
        {"edges":[[0,1],[1,2]],"id":"p1","nodes":[{"height":32,"op":"input","out_channels":3,"width":32},\
        {"op":"relu"},{"op":"output"}],"pruned_units":2}
        """)
    #expect(try handedOn(graph) == graph)
    let files = try TemporaryFiles(["a.jsonl": line])
    #expect(try NetworkGraph.load(files.path("a.jsonl")) == [graph])
  }

  @Test func damagedFormsAreErrors() throws {
    let cycle = #"{"id":"a","nodes":[{"op":"relu"},{"op":"relu"}],"edges":[[0,1],[1,0]]}"#
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(NetworkGraph.self, from: Data(cycle.utf8)) }
  }
}
