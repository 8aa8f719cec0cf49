import Foundation
import Testing

@testable import Core

@Suite struct LandmarkSimilarityTests {
  private func convolutions(_ count: Int, channels: Int = 8) -> [Node] {
    Array(
      repeating: Node(
        .convolution, kernel: 3, stride: 1, inputChannels: channels, outputChannels: channels, height: 8, width: 8),
      count: count)
  }

  @Test func profilesOfLikeNetworksAreAlike() throws {
    let three = NetworkProfile(try chain("a", convolutions(3)))
    #expect(three.similarity(to: three) == 1)
    #expect(three == NetworkProfile(try chain("other name", convolutions(3))))
    let four = NetworkProfile(try chain("b", convolutions(4)))
    let other = NetworkProfile(try chain("c", Array(repeating: Node(.relu), count: 3)))
    #expect(three.similarity(to: four) > 0.6 && three.similarity(to: four) < 1)
    #expect(three.similarity(to: four) == four.similarity(to: three))
    #expect(three.similarity(to: other) == 0)
    // 9 and 8 channels fall into one size class, 16 channels into the next.
    #expect(three.similarity(to: NetworkProfile(try chain("d", convolutions(3, channels: 9)))) == 1)
    #expect(three.similarity(to: NetworkProfile(try chain("e", convolutions(3, channels: 16)))) < 0.1)
  }

  /// The nodes of a chain of ReLUs are counted by their operation; by the label with their predecessor's, which the
  /// first one lacks; and by the label with those of two steps back. Two and three ReLUs have in common:
  ///
  /// | label | of 2 | of 3 | lesser | greater |
  /// | --- | --- | --- | --- | --- |
  /// | ReLU | 2 | 3 | 2 | 3 |
  /// | first, later one | 1, 1 | 1, 2 | 2 | 3 |
  /// | first, second, third | 1, 1, 0 | 1, 1, 1 | 2 | 3 |
  @Test func similarityOfChains() throws {
    let two = NetworkProfile(try chain("2", [Node(.relu), Node(.relu)]))
    let three = NetworkProfile(try chain("3", [Node(.relu), Node(.relu), Node(.relu)]))
    #expect(two.weights.reduce(0, +) == 6 && three.weights.reduce(0, +) == 9)
    #expect(two.similarity(to: three) == 6.0 / 9)
  }

  /// 8 channels and a height of 8 have four bits, so a convolution weighs 1 + 4 + 2 * 4 = 13; with 16 channels, which
  /// have five bits, it weighs 14 and is another one. Only the ReLU is common, with the weight 1 in each of the rounds.
  @Test func similarityOfSizes() throws {
    let narrow = NetworkProfile(try chain("8", [Node(.relu)] + convolutions(1)))
    let wide = NetworkProfile(try chain("16", [Node(.relu)] + convolutions(1, channels: 16)))
    let either: Double = 3 + 3 * 13 + 3 * 14
    #expect(narrow.similarity(to: wide) == 3 / either)
  }

  /// The features of three ReLUs with the landmarks of two and three, whose logarithms of the latencies are 1 and 2.
  /// The weights are the fourth powers of 2/3 and 1, so the mean is (16/81 * 1 + 1 * 2) / (16/81 + 1) = 178/97. ReLUs
  /// without sizes have no FLOPs or elements.
  @Test func featuresOfAChain() throws {
    let graphs = try [2, 3].map { try chain("\($0)", Array(repeating: Node(.relu), count: $0)) }
    let features = LandmarkFeatures(
      profiles: graphs.map { NetworkProfile($0) }, logarithms: [1, 2], fitting: [])
    let row = features.rows(of: [graphs[1]]).values
    #expect(zip(row, [2.0 / 3, 1, 178.0 / 97, 0, 0]).allSatisfy { abs(Double($0) - $1) < 1e-6 })
    #expect(row.count == 5)
  }

  @Test func learnsFromLandmarks() throws {
    let data = try PrunedResNet.load("epyc-ort-1t")
    let split = try Split(
      training: Array(stride(from: 0, to: 600, by: 4)), validation: [], test: Array(stride(from: 1, to: 600, by: 12)))
    var recipe = LandmarkSimilarity(landmarks: 12)
    recipe.options.epochs = 30
    recipe.options.seed = 1
    let fit = try recipe.fit(to: data, split: split)
    #expect(fit.predictor.features.profiles.count == 12)
    #expect(try fit.predictor.evaluate(on: data[split.test]).share(within: 0.2) > 0.8)
    let unknown = try chain("u", [Node(.input), Node("silu", outputChannels: 8, height: 4, width: 4)])
    let opened = try AnyPredictor(safetensors: fit.predictor.safetensors(), at: Place(file: "p"))
    #expect(
      opened.warnings(for: [data.samples[1].graph, unknown]).map(\.description) == [
        "node 1 of \"u\" (silu): no known network has this operation, so it is like no node of a landmark"
      ])
  }

  @Test func fewSamplesAreEnough() throws {
    let data = try PrunedResNet.load("epyc-ort-1t")
    for count in [1, 2] {
      var recipe = LandmarkSimilarity()
      recipe.options.epochs = 3
      let fit = try recipe.fit(to: data, split: Split(training: Array(0..<count), validation: [], test: []))
      #expect(try fit.predictor.predict(data.graphs).allSatisfy { $0 > 0 && $0.isFinite })
    }
    #expect(
      try message {
        _ = try LandmarkSimilarity(landmarks: 0).fit(
          to: data, split: Split(training: [0], validation: [], test: []))
      } == "networks can't be compared with 0 landmarks\n  32 landmarks are usual.")
  }

  /// The latency of a landmark is not among the features from which it is learned.
  @Test func aLandmarksOwnLatencyIsLeftOut() throws {
    let graphs = try (1...3).map { try chain("\($0)", convolutions($0)) }
    func row(_ own: Double) -> [Float] {
      let features = LandmarkFeatures(
        profiles: graphs.map { NetworkProfile($0) }, logarithms: [own, 1, 2], fitting: [])
      return features.rows(of: [graphs[0]], landmarks: [0: 0]).values
    }
    #expect(row(5) == row(-5))
    let without = LandmarkFeatures(profiles: graphs.map { NetworkProfile($0) }, logarithms: [5, 1, 2], fitting: [])
    #expect(without.rows(of: [graphs[0]]).values != row(5))
  }
}
