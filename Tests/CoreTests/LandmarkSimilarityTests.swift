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
