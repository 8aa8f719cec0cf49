import Testing

@testable import Core

@Suite struct StackingWeightsTests {
  /// Pseudo-random errors of `scale`, which are the same in every run.
  private func errors(_ count: Int, scale: Double, seed: UInt64) -> [Double] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { _ in scale * (2 * random.uniform() - 1) }
  }

  @Test func oneHasAllTheWeight() {
    #expect(StackingWeights.fitting([errors(9, scale: 0.1, seed: 1)]) == [1])
  }

  @Test func theSameCountTheSame() {
    let some = errors(50, scale: 0.02, seed: 1)
    let weights = StackingWeights.fitting([some, some, some])
    #expect(weights.allSatisfy { abs($0 - 1 / 3.0) < 1e-9 })
  }

  /// For independent errors, the best weights are in inverse proportion to the variances, here 9 : 1.
  @Test func theBetterCountsMore() {
    let weights = StackingWeights.fitting([
      errors(20_000, scale: 0.005, seed: 1), errors(20_000, scale: 0.015, seed: 2),
    ])
    #expect(abs(weights[0] - 0.9) < 0.05)
    #expect(abs(weights.reduce(0, +) - 1) < 1e-12)
  }

  @Test func withoutErrorsAllCountTheSame() {
    #expect(StackingWeights.fitting([[0, 0], [0, 0]]) == [0.5, 0.5])
  }

  @Test func oppositeErrorsCancel() {
    let some = errors(200, scale: 0.02, seed: 1)
    let weights = StackingWeights.fitting([some.map { 2 * $0 }, some.map { -$0 }, errors(200, scale: 1, seed: 2)])
    #expect(abs(weights[0] - 1 / 3.0) < 0.02)
    #expect(abs(weights[1] - 2 / 3.0) < 0.02)
  }

  @Test func nobodyCountsLessThanNothing() {
    let good = errors(200, scale: 0.01, seed: 1)
    let weights = StackingWeights.fitting([good, good.map { $0 + 0.5 }])
    #expect(abs(weights[0] - 1) < 1e-12 && weights[1] == 0)
  }

  @Test func outliersCountNoMoreThanTheyMust() {
    // With squared errors, one sample of 2000 with twice the latency would favour the worse predictor.
    var better = errors(2000, scale: 0.005, seed: 1)
    better[7] = 1
    #expect(StackingWeights.fitting([errors(2000, scale: 0.02, seed: 2), better])[1] > 0.7)
  }

  private static let points: [([Double], [Double])] = [
    ([0.2, 0.8], [0.2, 0.8]), ([1, 1], [0.5, 0.5]), ([3, 0.5], [1, 0]), ([-1, -1, 0.5], [0, 0, 1]),
    ([0.25, 0.25, 0.25, 0.25], [0.25, 0.25, 0.25, 0.25]), ([1, 0.75, 0], [0.625, 0.375, 0]),
  ]

  @Test(arguments: points)
  func nearestOnSimplex(_ point: [Double], _ nearest: [Double]) {
    for (value, expected) in zip(StackingWeights.nearestOnSimplex(point), nearest) {
      #expect(abs(value - expected) < 1e-12)
    }
  }

  /// A third of the samples can't be predicted. The first predictor is right about all others and wrong about these by
  /// 60 %, the second is wrong about all by 16 to 24 %: Huber's loss favours the second.
  @Test func aBoundedLossCountsWhatCanBePredicted() {
    let small = errors(600, scale: 0.01, seed: 1)
    let exact = small.indices.map { $0 % 3 == 0 ? small[$0] + 0.6 : small[$0] }
    let vague = errors(600, scale: 0.04, seed: 2).map { $0 - 0.2 }
    #expect(StackingWeights.fitting([exact, vague])[0] < 0.8)
    #expect(StackingWeights.fittingBounded([exact, vague])[0] > 0.9)
    #expect(StackingWeights.fittingBounded([small]) == [1])
    let weights = StackingWeights.fittingBounded([small, small])
    #expect(abs(weights[0] - 0.5) < 1e-3)
  }

  /// The weights stand in reports that are verified to the bit. If they change, the samples that use ensembles must be
  /// made anew.
  @Test func theBitsAreThoseOfTheSamples() {
    let some = [errors(97, scale: 0.05, seed: 1), errors(97, scale: 0.04, seed: 2), errors(97, scale: 0.3, seed: 3)]
    func bits(_ weights: [Double]) -> [String] { weights.map { String($0.bitPattern, radix: 16) } }
    #expect(bits(StackingWeights.fitting(some)) == ["3fd932b8a03aa809", "3fe3517b24c92572", "3f65288b19868a18"])
    #expect(
      bits(StackingWeights.fittingBounded(some)) == ["3fd99c861b1eb051", "3fe2fb658bd14fde", "3f7b2bb34fabfcfc"])
  }
}
