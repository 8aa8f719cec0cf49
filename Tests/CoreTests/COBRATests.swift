import Foundation
import Testing

@testable import Core

@Suite struct COBRATests {
  private let convolution = Node(
    .convolution, kernel: 3, stride: 1, inputChannels: 16, outputChannels: 32, height: 8, width: 8)

  @Test func linesInAllStyles() {
    #expect(
      SourceStyle.Form.allCases.map { SourceStyle($0).line(of: convolution) } == [
        "y = nn.conv(16, 32, kernel_size=3, stride=1)(x)  # 32, 8, 8",
        "y = F.conv(x, in_channels=16, out_channels=32, kernel=3, stride=1)  # 32, 8, 8",
        "y = conv(kernel=(3, 3), strides=(1, 1), channels=(16, 32)).forward(x)  # 32, 8, 8",
        "y = nn.conv(16, 32, 3)(x)  # 32, 8, 8",
      ])
    #expect(SourceStyle(.module, input: "a", output: "b").line(of: Node(.relu)) == "b = nn.relu()(a)")
    #expect(SourceStyle(.function).line(of: Node(.relu)) == "y = F.relu(x)")
  }

  @Test func wordsOfALine() {
    #expect(
      "y = nn.conv_1x1(16)".sourceTokens == ["y", "=", "nn", ".", "conv", "_", "1", "x", "1", "(", "1", "6", ")"])
  }

  @Test func wordsThatWereNeverSeenAreOne() throws {
    let graph = try chain("c", [Node(.input), convolution])
    var encoding = try SourceEncoding(fitting: [graph], styles: [SourceStyle(.short)])
    let known = try encoding.encode([graph])
    // The global node's row has no tokens. The input's row begins with its output's name.
    #expect(known.features[0] == -1 && known.features[known.featureCount] > 0)
    encoding.style = SourceStyle(.short, output: "other")
    let renamed = try encoding.encode([graph])
    #expect(renamed.features[renamed.featureCount] == 0)
    #expect(renamed.neighbours == known.neighbours)
  }

  /// Cells in which a convolution 3x3 costs 3 and a convolution 1x1 costs 1.
  @Test func readsStylesThatItHasNotSeen() throws {
    var random = SeededGenerator(seed: 3)
    let graphs = try (0..<120).map { number in
      let operations = (0..<6).map { _ in NASBench201.operations[Int.random(in: 0..<5, using: &random)] }
      return try NASBench201.Cell(operations: operations).graph(id: "\(number)", .unpruned)
    }
    let price: [NetworkOperation: Double] = [.cellConvolution3x3: 3, .cellConvolution1x1: 1]
    let data = try Dataset(
      device: "d", graphs: graphs, latencies: graphs.map { $0.nodes.reduce(1) { $0 + (price[$1.operation] ?? 0) } })
    let split = try Split(training: Array(0..<80), validation: [], test: Array(80..<120))
    let recipe = COBRA(
      readers: 1, width: 16, layers: 2, units: 16, options: .graphNetwork(epochs: 60, learningRate: 3e-3, seed: 1))
    let fit = try recipe.fit(to: data, split: split)
    let test = data[split.test]
    func rho(_ predictor: GraphNetworkPredictor<COBRA>) throws -> Double {
      let evaluation = try predictor.evaluate(on: test)
      return RankCorrelation.spearmanRho(evaluation.measured, evaluation.predicted)
    }
    let seen = try rho(fit.predictor)
    let renamed = try rho(fit.predictor.reading(SourceStyle(.module, input: "a", output: "b")))
    #expect(seen > 0.8)
    #expect(renamed > 0.6)
    #expect(try fit.predictor.reading(SourceStyle(.module)).predict(test.graphs) == fit.predictor.predict(test.graphs))
  }

  @Test func settingsOutOfRangeAreErrors() throws {
    let data = try PrunedResNet.load("epyc-ort-1t")
    let split = try Split(training: [0, 1], validation: [], test: [])
    #expect(
      try message { _ = try COBRA(width: 6).fit(to: data, split: split) }
        == "words can't have 6 numbers\n  Use a multiple of 4; 32 is usual.")
    #expect(
      try message { _ = try COBRA(styles: []).fit(to: data, split: split) }
        == "cobra can't have 0 styles\n  Use 1 to 64; 3 is usual.")
  }
}
