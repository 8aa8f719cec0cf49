import Foundation
import Numerics
import Testing

@testable import Core

@Suite struct FOXNASTests {
  private static let graphs = Result {
    var random = SeededGenerator(seed: 4)
    return try (0..<60).map { number in
      let nodes = [32, 16].flatMap { size in
        (0..<Int.random(in: 1...5, using: &random)).map { _ in
          Node(
            .convolution, kernel: [1, 3, 5][Int.random(in: 0..<3, using: &random)], stride: 1,
            inputChannels: Int.random(in: 4...40, using: &random),
            outputChannels: Int.random(in: 4...40, using: &random), height: size, width: size)
        }
      }
      return try chain("\(number)", nodes)
    }
  }

  /// The latency is 1 ms, plus 0.5 for each convolution at 32, plus 0.01 for each output channel at 16.
  private static func latency(_ graph: NetworkGraph) -> Double {
    graph.nodes.reduce(1) { $0 + ($1[.height] == 32 ? 0.5 : 0.01 * Double($1[.outputChannels] ?? 0)) }
  }

  @Test func findsWhatLatenciesAreMadeOf() throws {
    let graphs = try Self.graphs.get()
    let data = try Dataset(device: "d", graphs: graphs, latencies: graphs.map(Self.latency))
    let fit = try FOXNAS().fit(to: data, split: Split(training: Array(0..<50), validation: [], test: []))
    let predictor = fit.predictor
    #expect(predictor.stages == [32, 16])
    let prices = Dictionary(uniqueKeysWithValues: predictor.regression.effects.map { ($0.name, $0.coefficient) })
    #expect(abs((prices["tot at 32"] ?? 0) - 0.5) < 1e-6 && abs((prices["avg_c x tot at 16"] ?? 0) - 0.01) < 1e-8)
    #expect(abs(predictor.regression.intercept.coefficient - 1) < 1e-5)
    #expect(zip(try predictor.predict(graphs), data.latencies).allSatisfy { abs($0 - $1) < 1e-5 })
    let opened = try AnyPredictor(safetensors: predictor.safetensors(), at: Place(file: "p"))
    #expect(opened == AnyPredictor(predictor))
    #expect(try handedOn(AnyRecipe(FOXNAS())) == AnyRecipe(FOXNAS()))
  }

  /// Networks of one and of three convolutions that take the same time: the regression is exact.
  @Test func equalLatenciesCanBeSaved() throws {
    let convolution = Node(
      .convolution, kernel: 3, stride: 1, inputChannels: 8, outputChannels: 8, height: 16, width: 16)
    let graphs = try [1, 3, 1, 3].enumerated().map { number, count in
      try chain("\(number)", Array(repeating: convolution, count: count))
    }
    let data = try Dataset(device: "d", graphs: graphs, latencies: [2, 2, 2, 2])
    let fit = try FOXNAS().fit(to: data, split: Split(training: [0, 1, 2, 3], validation: [], test: []))
    #expect(fit.predictor.regression.effects.map(\.name) == ["tot at 16"])
    #expect(fit.predictor.regression.effects.map(\.t) == [0] && fit.predictor.regression.intercept.t == 0)
    #expect(try fit.predictor.predict(graphs) == [2, 2, 2, 2])
    let opened = try AnyPredictor(safetensors: fit.predictor.safetensors(), at: Place(file: "p"))
    #expect(opened == AnyPredictor(fit.predictor))
  }

  @Test func whatItDoesNotKnowIsNamed() throws {
    let graphs = try Self.graphs.get()
    let data = try Dataset(device: "d", graphs: graphs, latencies: graphs.map(Self.latency))
    let predictor = try FOXNAS().fit(
      to: data, split: Split(training: Array(0..<50), validation: [], test: [])
    ).predictor
    #expect(predictor.warnings(for: graphs).isEmpty)
    let graph = try chain(
      "g",
      [
        Node(.convolution, kernel: 3, stride: 1, inputChannels: 8, outputChannels: 8, height: 20, width: 20),
        Node("silu", outputChannels: 8, height: 20, width: 20),
      ])
    let opened = try AnyPredictor(safetensors: predictor.safetensors(), at: Place(file: "p"))
    for warnings in [predictor.warnings(for: [graph]), opened.warnings(for: [graph])] {
      #expect(
        warnings.map(\.description) == [
          "node 1 of \"g\" (silu): no known network has this operation, so no term reads it",
          "node 0 of \"g\" (conv): no known network has a convolution at the resolution 20, so it counts as one at 16",
        ])
    }
    // Files of earlier versions don't name the operations.
    var content = try SafeTensors(predictor.safetensors(), at: Place(file: "old"))
    content.metadata["operations"] = nil
    let old = try FOXNASPredictor(safetensors: content.encoded(), at: Place(file: "old"))
    #expect(try old.predict(graphs) == predictor.predict(graphs))
    #expect(old.warnings(for: [graph]).map(\.node) == [0])
  }

  @Test func anUnknownResolutionIsOfTheNearestStage() throws {
    let graphs = try Self.graphs.get()
    let data = try Dataset(device: "d", graphs: graphs, latencies: graphs.map(Self.latency))
    let fit = try FOXNAS().fit(to: data, split: Split(training: Array(0..<50), validation: [], test: []))
    let sizes: [Int] = [8, 15, 16, 23, 30, 32]
    let resolutions = try sizes.map { size in
      try chain(
        "\(size)",
        [Node(.convolution, kernel: 3, stride: 1, inputChannels: 8, outputChannels: 20, height: size, width: size)])
    }
    let predictions = try fit.predictor.predict(resolutions)
    #expect(Set(predictions[..<3]).count == 1 && Set(predictions[4...]).count == 1)
    #expect(predictions[3] == predictions[4] && predictions[2] != predictions[3])
  }

  @Test func whatItCanNotLearnFrom() throws {
    let graphs = try Self.graphs.get()
    let data = try Dataset(device: "d", graphs: graphs, latencies: graphs.map(Self.latency))
    #expect(
      try message {
        _ = try FOXNAS().fit(to: data, split: Split(training: Array(0..<5), validation: [], test: []))
      }.contains("5 rows are too few for"))
    let bare = try Dataset(device: "d", graphs: [chain("bare", [Node(.relu)])], latencies: [1])
    #expect(
      try message { _ = try FOXNAS().fit(to: bare, split: Split(training: [0], validation: [], test: [])) } == """
        FOX-NAS reads the sizes of convolutions, and "bare" has no sizes
          Give nodes kernel, in_channels, out_channels, height and width, or use LinearRegression.
        """)
  }
}
