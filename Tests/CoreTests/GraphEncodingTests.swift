import Foundation
import Numerics
import Testing

@testable import Core

/// The adjacency matrix of the aggregation in graph `index`, as a string of 0 and 1 for each row.
private func adjacency(_ encoded: EncodedGraphs, _ index: Int = 0) -> [String] {
  let rows = encoded.nodeOffsets[index]..<encoded.nodeOffsets[index + 1]
  return rows.map { row in
    let neighbours = encoded.neighbours[encoded.neighbourOffsets[row]..<encoded.neighbourOffsets[row + 1]]
    return rows.indices.map { neighbours.contains(Int32($0 - rows.lowerBound)) ? "1" : "0" }.joined()
  }
}

/// The features of each row of graph `index`.
private func features(_ encoded: EncodedGraphs, _ index: Int = 0) -> [[Float]] {
  (encoded.nodeOffsets[index]..<encoded.nodeOffsets[index + 1]).map { row in
    Array(encoded.features[(row * encoded.featureCount)..<((row + 1) * encoded.featureCount)])
  }
}

@Suite struct GraphEncodingTests {
  /// The expected matrices were made by Tests/Reference/nasbench201_encoding.py.
  @Test(arguments: [
    (0, "111111111 010000000 001000000 000100000 000010000 000001000 000000100 000000010 000000001", "5........"),
    (1562, "111111111 011001000 001000100 000100000 000010000 000001001 000000101 000000010 000000001", "530..00.4"),
    (7812, "111111111 011101000 001010100 000100010 000010010 000001001 000000101 000000011 000000001", "530000004"),
    (8952, "111111111 011000001 001010100 000100000 000010010 000001000 000000101 000000011 000000001", "530.1.204"),
    (9371, "111111111 010111100 001000000 000100010 000010010 000001001 000000101 000000011 000000001", "53.222204"),
    (9377, "111111111 010000000 001000000 000100000 000010000 000001000 000000100 000000010 000000001", "5........"),
    (15624, "111111111 011101000 001010100 000100010 000010010 000001001 000000101 000000011 000000001", "532222224"),
  ])
  func brpNASBench201(_ index: Int, _ rows: String, _ columns: String) throws {
    let encoded = try GraphEncoding.brpNASBench201.encode(cell(index).graph(id: "", .pruned))
    #expect(adjacency(encoded).joined(separator: " ") == rows)
    let ones = features(encoded).map { row in row.firstIndex(of: 1).map(String.init) ?? "." }
    #expect(ones.joined() == columns)
    #expect(encoded.features.count { $0 != 0 } == columns.count { $0 != "." })
  }

  /// The expected hash over all cells comes from Tests/Reference/nasbench201_encoding.py.
  @Test func brpNASBench201OfAllCells() throws {
    let graphs = try (0..<15625).map { try cell($0).graph(id: "\($0)", .pruned) }
    let encoded = try GraphEncoding.brpNASBench201.encode(graphs)
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    for index in graphs.indices {
      for row in adjacency(encoded, index) {
        for digit in row.utf8 { add(digit - UInt8(ascii: "0")) }
      }
      for value in features(encoded, index).joined() { add(UInt8(value)) }
    }
    #expect(hash == 0x9519_09bc_b9e5_b882)
  }

  /// Networks of many different nodes, more than are kept, some of which come again.
  private func chains(_ count: Int) throws -> [NetworkGraph] {
    var random = SeededGenerator(seed: 1)
    return try (0..<count).map { number in
      let nodes = (0..<Int.random(in: 1...9, using: &random)).map { _ in
        let channels = Int.random(in: 1...20, using: &random)
        return Bool.random(using: &random)
          ? Node(.relu, outputChannels: channels, height: 4, width: 4)
          : Node(.convolution, kernel: 3, inputChannels: channels, outputChannels: 7, height: 8, width: channels)
      }
      return try NetworkGraph(
        id: "\(number)", nodes: nodes, edges: nodes.indices.dropLast().map { Edge($0, $0 + 1) })
    }
  }

  @Test func networksAreEncodedTheSameTogetherAndAlone() throws {
    let graphs = try chains(1500)
    let encoding = try GraphEncoding(fitting: graphs, context: [.ancestors, .degrees], direction: .both)
    var context = TrainingContext.current
    var encoded: [EncodedGraphs] = []
    for threads in [1, 3] {
      context.threads = threads
      encoded.append(try context.run { try encoding.encode(graphs) })
    }
    #expect(encoded[0] == encoded[1])
    for index in [0, 499, 500, 1000, 1499] {
      let alone = try encoding.encode(graphs[index])
      #expect(features(encoded[1], index) == features(alone))
      #expect(adjacency(encoded[1], index) == adjacency(alone))
    }
  }

  @Test func theFirstNetworkOfAllThreadsWithAnUnknownOperationIsNamed() throws {
    var graphs = try chains(1500)
    let encoding = try GraphEncoding(fitting: graphs)
    for index in [1400, 700] { graphs[index] = try NetworkGraph(id: "p\(index)", nodes: [Node(.linear)], edges: []) }
    var context = TrainingContext.current
    context.threads = 3
    do {
      _ = try context.run { try encoding.encode(graphs) }
      Issue.record("no error")
    } catch {
      #expect("\(error)".hasPrefix("node 0 of \"p700\" has the operation \"linear\", which the encoding doesn't know"))
    }
  }

  private func diamond() throws -> NetworkGraph {
    try NetworkGraph(
      id: "diamond",
      nodes: [
        Node(.input, outputChannels: 3, height: 8, width: 8),
        Node(.convolution, kernel: 3, stride: 1, inputChannels: 3, outputChannels: 7, height: 8, width: 8),
        Node(.convolution, kernel: 1, stride: 1, inputChannels: 3, outputChannels: 7, height: 8, width: 8),
        Node(.add, inputChannels: 7, outputChannels: 7, height: 8, width: 8),
      ], edges: [Edge(0, 2), Edge(0, 1), Edge(1, 3), Edge(2, 3)])
  }

  @Test(arguments: [
    (GraphEncoding.Direction.forward, true, true, "11111 01110 00101 00011 00001"),
    (.backward, true, true, "11111 01000 01100 01010 00111"),
    (.both, true, true, "11111 01110 01101 01011 00111"),
    (.forward, false, true, "11111 00110 00001 00001 00000"),
    (.forward, true, false, "1110 0101 0011 0001"),
    (.both, false, false, "0110 1001 1001 0110"),
  ])
  func whoAggregatesWhom(_ direction: GraphEncoding.Direction, _ selfLoops: Bool, _ globalNode: Bool, _ rows: String)
    throws
  {
    let encoding = try GraphEncoding(
      fitting: [diamond()], direction: direction, selfLoops: selfLoops, globalNode: globalNode)
    #expect(adjacency(try encoding.encode(diamond())).joined(separator: " ") == rows)
  }

  @Test func quantitiesAreStandardisedLogarithms() throws {
    let encoding = try GraphEncoding(fitting: [diamond()])
    // Strides and sizes are equal everywhere, so they aren't features.
    #expect(
      encoding.featureNames == ["add", "conv", "input", "kernel", "in_channels", "out_channels", "flops", "global"])
    let rows = features(try encoding.encode(diamond()))
    #expect(rows[0] == [0, 0, 0, 0, 0, 0, 0, 1])
    // Kernels are 3 and 1, encoded as log 4 and log 2, whose mean lies in the middle.
    #expect(abs(rows[2][3] - 1) < 1e-6 && abs(rows[3][3] + 1) < 1e-6)
    // Input and addition have no kernel.
    #expect(rows[1][3] == 0 && rows[4][3] == 0)
    // Output channels are 3, 7, 7, 7, encoded as log 4 and three times log 8: mean 2.75 log 2, standard deviation
    // sqrt(3)/4 log 2.
    #expect(abs(rows[1][5] + Float(3).squareRoot()) < 1e-5)
    #expect(abs(rows[2][5] - 1 / Float(3).squareRoot()) < 1e-5)
  }

  @Test func statisticsAreThoseOfTheGraphsItWasFittedTo() throws {
    let encoding = try GraphEncoding(fitting: [diamond()], quantities: [.outputChannels])
    let wide = try chain("wide", [Node(.input, outputChannels: 63)])
    // log 64 is 6 log 2, which is 3.25 / (sqrt(3)/4) standard deviations above the mean.
    #expect(abs(features(try encoding.encode(wide))[1][3] - 13 / Float(3).squareRoot()) < 1e-4)
  }

  @Test func manyGraphsAreTheirOwnEncodingsOneAfterTheOther() throws {
    let graphs = [try diamond(), try chain("chain", [Node(.input), Node(.convolution), Node(.add)]), try diamond()]
    let encoding = try GraphEncoding(fitting: graphs)
    let all = try encoding.encode(graphs)
    #expect(all.count == 3)
    #expect(all.nodeOffsets == [0, 5, 9, 14])
    for (index, graph) in graphs.enumerated() {
      let one = try encoding.encode(graph)
      #expect(adjacency(all, index) == adjacency(one))
      #expect(features(all, index) == features(one))
    }
  }

  @Test func unknownOperationIsNamed() throws {
    let encoding = try GraphEncoding(fitting: [diamond()])
    #expect(
      try message { _ = try encoding.encode(chain("odd", [Node(.input), Node("conv_transpose")])) } == """
        node 1 of "odd" has the operation "conv_transpose", which the encoding doesn't know
          The operations it knows are "add", "conv", "input".
        """)
    let wider = try GraphEncoding(fitting: [diamond()], operations: ["conv_transpose"])
    #expect(try wider.encode(chain("odd", [Node(.input), Node("conv_transpose")])).rowCount == 3)
    #expect(
      try message { _ = try GraphEncoding(fitting: [diamond()], operations: ["swiglu"]) } == """
        the registry doesn't know the operation "swiglu"
          Add it with OperationRegistry.standard.adding(...).
        """)
    #expect(
      try message { _ = try GraphEncoding(fitting: []) } == "fitting an encoding needs at least one graph")
  }

  @Test func isHandedOn() throws {
    let encoding = try GraphEncoding(fitting: [diamond()], direction: .both)
    #expect(try handedOn(encoding) == encoding)
    #expect(try handedOn(encoding).encode(diamond()) == encoding.encode(diamond()))
  }
}
