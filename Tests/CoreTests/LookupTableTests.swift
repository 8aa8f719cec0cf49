import Foundation
import Numerics
import Testing

@testable import Core

@Suite struct LookupTableTests {
  /// Random networks whose latency is the sum of their blocks' costs by place and block.
  private func networks(_ count: Int) throws -> Dataset {
    var random = SeededGenerator(seed: 3)
    let graphs = try (0..<count).map { number in
      try FBNet.graph(
        (0..<22).map { _ in FBNet.blocks[Int.random(in: 0..<9, using: &random)] }, id: "\(number)")
    }
    return try Dataset(device: "d", graphs: graphs, latencies: graphs.map(latency))
  }

  private func latency(_ graph: NetworkGraph) -> Double {
    graph.nodes.enumerated().reduce(3) { sum, pair in
      sum + 0.1
        * Double(
          (pair.offset * 7 + (FBNet.blocks.map(FBNet.operation).firstIndex(of: pair.element.operation) ?? 0) * 5) % 11)
    }
  }

  @Test func sumsAreFoundExactly() throws {
    let data = try networks(500)
    let split = try Split(training: Array(0..<400), validation: [], test: Array(400..<500))
    let fit = try LookupTable(key: .position).fit(to: data, split: split)
    #expect(fit.predictor.count == 22 * 9)
    #expect(try fit.predictor.evaluate(on: data[split.test]).share(within: 0.001) == 1)
    #expect(fit.predictor.unknown(in: data.graphs).isEmpty)
  }

  /// A ReLU with 8 channels takes 1 ms and a convolution 2 ms. The network takes 3 times their sum plus 0.5.
  @Test func measuredTablesAreSummedAndScaled() throws {
    let relu = Node(.relu, outputChannels: 8, height: 4, width: 4)
    let convolution = Node(
      .convolution, kernel: 3, stride: 1, inputChannels: 8, outputChannels: 8, height: 4, width: 4)
    let table = try LookupTablePredictor(measured: [relu: 1, convolution: 2], device: "d")
    let graphs = try (1...4).map { count in
      try chain("\(count)", [Node(.input)] + (0..<count).flatMap { _ in [convolution, relu] } + [Node(.output)])
    }
    #expect(try table.predict(graphs) == [3, 6, 9, 12])
    let data = try Dataset(device: "d", graphs: graphs, latencies: [9.5, 18.5, 27.5, 36.5])
    let scaled = try table.scaled(on: data)
    #expect(abs(scaled.factor - 3) < 1e-3 && abs(scaled.intercept - 0.5) < 1e-2)
    #expect(try zip(scaled.predict(graphs), data.latencies).allSatisfy { abs($0 - $1) < 1e-2 })
    let one = try table.scaled(on: data[[0]])
    #expect((one.factor, one.intercept) == (9.5 / 3, 0))
  }

  /// A width that wasn't measured takes the nearest width's time, scaled by the ratio of FLOPs: 16 output channels in
  /// place of 8.
  @Test func otherWidthsComeFromTheNearest() throws {
    func convolution(_ channels: Int) -> Node {
      Node(.convolution, kernel: 3, stride: 1, inputChannels: 8, outputChannels: channels, height: 4, width: 4)
    }
    let table = try LookupTablePredictor(measured: [convolution(8): 2, convolution(64): 11], device: "d")
    let graph = try chain("wide", [convolution(16)])
    #expect(try table.predict([graph]) == [4])
    #expect(
      table.unknown(in: [graph]) == [
        "conv, kernel 3, stride 1, in_channels 8, out_channels 16, height 4, width 4"
      ])
    #expect(
      try message { _ = try table.predict([chain("other", [Node(.add)])]) }.hasPrefix(
        "\"other\" has the operation \"add\", for which the table has no entry\n"))
  }

  @Test func nodesThatTakeAnotherEntrysTimeAreNamed() throws {
    func convolution(_ channels: Int) -> Node {
      Node(.convolution, kernel: 3, stride: 1, inputChannels: 8, outputChannels: channels, height: 4, width: 4)
    }
    let table = try LookupTablePredictor(measured: [convolution(8): 2, convolution(64): 11], device: "d")
    let graph = try chain("wide", [Node(.input), convolution(8), convolution(16)])
    #expect(
      table.warnings(for: [graph]).map(\.description) == [
        "node 2 of \"wide\" (conv): the table has no entry for this node, so its time is that of the most similar "
          + "entry, scaled by the ratio of their sizes"
      ])
    #expect(try table.warnings(for: [chain("known", [convolution(8)])]).isEmpty)
    // By place, the same node at another place is another entry.
    let graphs = try [chain("a", [convolution(8)]), chain("b", [convolution(8), convolution(64)])]
    let data = try Dataset(device: "d", graphs: graphs, latencies: [1, 2])
    let fit = try LookupTable(key: .position, penalty: 1e-3).fit(
      to: data, split: Split(training: [0, 1], validation: [], test: []))
    #expect(try fit.predictor.warnings(for: graphs + [chain("c", [convolution(64)])]).map(\.network) == ["c"])
  }

  /// The place and the groups of an entry are used in differences and quotients.
  @Test func damagedFilesAreErrors() throws {
    let grouped = Node(
      .convolution, kernel: 3, stride: 1, inputChannels: 8, outputChannels: 8, height: 4, width: 4, groups: 2)
    let graphs = try [chain("a", [grouped]), chain("b", [grouped, Node(.relu)]), chain("c", [Node(.relu), grouped])]
    let data = try Dataset(device: "d", graphs: graphs, latencies: [1, 2, 3])
    let fit = try LookupTable(key: .position, penalty: 1e-3).fit(
      to: data, split: Split(training: [0, 1, 2], validation: [], test: []))
    let file = try fit.predictor.safetensors()
    #expect(try LookupTablePredictor(safetensors: file, at: Place(file: "t")) == fit.predictor)
    let place = #/"position":\d+/#
    let damages: [(Regex<Substring>, String)] = [
      (place, "\"position\":-1"), (place, "\"position\":-9223372036854775808"),
      (place, "\"position\":9223372036854775807"), (place, "\"position\":null"),
      (#/"groups":\d+/#, "\"groups\":0"), (#/"op":"conv"/#, "\"op\":7"),
    ]
    for (pattern, text) in damages {
      var content = try SafeTensors(file, at: Place(file: "t"))
      let before = try #require(content.metadata["entries"])
      let after = before.replacing(pattern, with: text, maxReplacements: 1)
      #expect(after != before)
      content.metadata["entries"] = after
      #expect(throws: InputError.self, "\(text)") {
        _ = try LookupTablePredictor(safetensors: content.encoded(), at: Place(file: "t"))
      }
    }
  }

  @Test func whatIsWrongWithEntriesIsTold() throws {
    let table = try LookupTablePredictor(measured: [Node(.relu, outputChannels: 8): 1], device: "d")
    var content = try SafeTensors(table.safetensors(), at: Place(file: "t"))
    for (entries, cause) in [
      (
        #"[{"node":{"op":"relu","out_channels":0}}]"#,
        "the metadata's \"entries\" has numbers that don't fit each other"
      ),
      (#"[{"node":{"op":"relu"},"position":3}]"#, "the entries don't fit the key \"shape\""),
    ] {
      content.metadata["entries"] = entries
      #expect(
        try message { _ = try LookupTablePredictor(safetensors: content.encoded(), at: Place(file: "t")) }
          == "t: \(cause)\n  Save the predictor again.")
    }
  }

  /// FBNet's public table on devices that were measured block by block: the sum is exact.
  @Test(.enabled(if: SharedData.isPresent), arguments: ["fpga", "raspi4", "eyeriss", "pixel3"])
  func sharedDevicesAreExact(_ device: String) throws {
    let graphs = try FBNet.graphs(SharedData.table("fbnet_archs", in: "help"))
    let all = try LatencyData(
      graphs: graphs, latencies: SharedData.table("fbnet_ms", in: "help"), devices: [device], idColumn: "arch")
    let data = try all[device: device]
    let split = try data.split(.shuffled(training: 0.2, validation: 0, seed: 1))
    let fit = try LookupTable(key: .position).fit(to: data, split: split)
    #expect(try fit.predictor.evaluate(on: data[split.test]).share(within: 0.001) == 1)
  }

  @Test func whatItCanNotDo() throws {
    let data = try networks(3)
    let split = try Split(training: [0, 1, 2], validation: [], test: [])
    #expect(
      try message { _ = try LookupTable(penalty: 0).fit(to: data, split: split) }
        == "the penalty or the threshold isn't positive\n  1e-9 and 1.345 are usual.")
    #expect(
      try message { _ = try LookupTablePredictor(measured: [:], device: "d") }
        == "the table has no operations\n  Measure some first.")
    #expect(
      try message { _ = try LookupTablePredictor(measured: [Node(.relu): -1], device: "d") }
        == "the time -1.0 of \"relu\" is not a number of at least 0")
    #expect(
      try message { _ = try LookupTablePredictor(measured: [Node(.relu, height: 0): 1], device: "d") } == """
        a size of "relu" is below 1 or above 2147483646
          Give its nodes the sizes that they have in networks.
        """)
  }
}
