import Foundation
import Numerics
import Testing

@testable import Core

@Suite struct BatchLossTests {
  static let scale = TargetScale(scaling: .linear, offset: 0, factor: 1)

  private func evaluate(_ loss: Loss, _ outputs: [Double], _ targets: [Double]) -> (sum: Double, derivatives: [Double])
  {
    var batch = BatchLoss(loss, scale: Self.scale)
    let sum = batch.evaluate(targets.count, output: { outputs[$0] }, target: { targets[$0] })
    return (sum, batch.derivatives)
  }

  @Test(arguments: [
    // (1 + 0.5^2 / e) / 2 with a variance of e
    (Loss.gaussian, [2.0, 1], [2.5], 0.5 + 0.125 / M_E),
    (.gaussian, [2, 0, 1, 0], [3, 1], 0.5),
    // Half of the error of 2, a tenth of the 1 above the target, and nine tenths of the 1 below it.
    (.quantiles(lower: 0.1, upper: 0.9), [3, 0, 2], [1], 1 + 0.1 + 0.1),
    // Pairs of targets (1, 2), (1, 4), (2, 4): the outputs' differences in their direction are 0.5, -0.5 and -1,
    // which are 0.5, 1.5 and 2 short of the margin. Only pairs count.
    (.rankingHinge(margin: 1, share: 1), [0, 0.5, -0.5], [1, 2, 4], 0.5 + 1.5 + 2.0),
    (.rankingHinge(margin: 1, share: 1), [0, 0], [3, 3], 0),
    // Half of the ranking loss and half of the relative loss.
    (.rankingHinge(margin: 1, share: 0.5), [0, 0.5], [1, 2], 0.5 * (1 + 1.5) + 0.5 * 2 * 0.5),
  ]) func sumsByHand(_ loss: Loss, _ outputs: [Double], _ targets: [Double], _ sum: Double) {
    #expect(abs(evaluate(loss, outputs, targets).sum - sum) < 1e-12)
  }

  @Test(arguments: [
    Loss.absolute, .gaussian, .quantile(0.3), .quantiles(lower: 0.1, upper: 0.8),
    .rankingHinge(margin: 0.7, share: 0.4),
  ]) func derivativesAreWhatCentralDifferencesSay(_ loss: Loss) {
    var random = SeededGenerator(seed: 5)
    let targets = (0..<6).map { _ in random.uniform() }
    let outputs = (0..<6 * loss.outputHead.count).map { _ in 2 * random.uniform() - 0.5 }
    let derivatives = evaluate(loss, outputs, targets).derivatives
    for place in outputs.indices {
      func sum(_ step: Double) -> Double {
        var moved = outputs
        moved[place] += step
        return evaluate(loss, moved, targets).sum
      }
      #expect(abs((sum(1e-6) - sum(-1e-6)) / 2e-6 - derivatives[place]) < 1e-6, "\(loss), output \(place)")
    }
  }

  /// The tape's losses are written independently, and are means of the same values.
  @Test func theTapeSaysTheSame() throws {
    let (outputs, targets) = ([0.3, -0.2, 1.1, 0.4, -0.6, 0.1, 0.9, 0.2], [0.5, 1.0, 0.2, 0.7])
    let tape = Tape(precision: .double)
    let two = tape.constant(outputs, rows: 4, columns: 2)
    let one = tape.constant(Array(outputs[..<4]), rows: 4, columns: 1)
    let target = tape.constant(targets, rows: 4, columns: 1)
    func mean(_ loss: Loss, _ outputs: [Double]) -> Double { evaluate(loss, outputs, targets).sum / 4 }
    #expect(abs(try two.gaussianNegativeLogLikelihood(of: target).scalar - mean(.gaussian, outputs)) < 1e-12)
    #expect(
      abs(try one.quantileError(from: target, quantile: 0.8).scalar - mean(.quantile(0.8), Array(outputs[..<4])))
        < 1e-12)
    #expect(
      abs(
        try one.pairwiseRankingHinge(against: target, margin: 0.5).scalar
          - mean(.rankingHinge(margin: 0.5, share: 1), Array(outputs[..<4]))) < 1e-12)
  }

  @Test(arguments: [
    (
      Loss.quantile(1), "1.0 is not a quantile\n  Use a share above 0 and below 1, such as 0.9."
    ),
    (
      .quantiles(lower: 0.6, upper: 0.9),
      "the quantiles 0.6 and 0.9 are not below and above the median\n"
        + "  Use a lower one above 0 and below 0.5, and an upper one above 0.5 and below 1."
    ),
    (
      .rankingHinge(margin: 0, share: 1),
      "pairs can't be ranked with the margin 0.0 and the share 1.0\n  Use a margin above 0, and a share above 0, up "
        + "to 1."
    ),
  ]) func settingsOutOfRangeAreErrors(_ loss: Loss, _ text: String) {
    let error = #expect(throws: InputError.self) { try loss.validate(targets: [1]) }
    #expect(error?.description == text)
  }
}

@Suite struct OutputHeadTests {
  static let linear = TargetScale(scaling: .linear, offset: 2, factor: 4)
  static let logarithmic = TargetScale(scaling: .logarithmic, offset: 0, factor: 0.5)

  @Test func spreadsAreSharesOfTheLatency() throws {
    // A standard deviation of e^(-1) times 4, at a latency of 2 + 4 * 0.5.
    let gaussian = OutputHead.gaussian.estimate([0.5, -2], scale: Self.linear)
    #expect(gaussian.latency == 4)
    #expect(abs(try #require(gaussian.spread) - exp(-1)) < 1e-12)
    let logarithm = OutputHead.gaussian.estimate([0, 0], scale: Self.logarithmic)
    #expect(logarithm == LatencyEstimate(latency: 1, spread: 0.5))
    #expect(OutputHead.value.estimate([0.5], scale: Self.linear) == LatencyEstimate(latency: 4))
    let quantiles = OutputHead.quantiles(lower: 0.1, upper: 0.9).estimate([0.5, 0, 1.25], scale: Self.linear)
    let spread: Double = 1.25 / (2 * 1.2815515655446004)
    #expect(abs(try #require(quantiles.spread) - spread) < 1e-7)
  }

  @Test(arguments: [(0.5, 0), (0.9, 1.2815515655446004), (0.025, -1.959963984540054), (0.999, 3.090232306167813)])
  func normalQuantiles(_ share: Double, _ value: Double) {
    #expect(abs(OutputHead.normalQuantile(share) - value) < 1e-9)
  }
}

/// Trainings with several outputs, for every recipe that is trained by gradients.
@Suite struct SeveralOutputsTests {
  /// Chains of convolutions whose latency has a noise in proportion to their length.
  private static func data() throws -> Dataset {
    var random = SeededGenerator(seed: 2)
    let graphs = try (0..<120).map { index in
      let depth = index % 8 + 1
      let nodes =
        [Node(.input)]
        + (0..<depth).map { _ in Node(.convolution, kernel: 3, outputChannels: 8, height: 8, width: 8) } + [
          Node(.output)
        ]
      return try NetworkGraph(id: "g\(index)", nodes: nodes, edges: (0...depth).map { Edge($0, $0 + 1) })
    }
    let latencies: [Double] = (0..<120).map { index in
      let factor: Double = 1 + 0.2 * (random.uniform() - 0.5)
      return Double(index % 8 + 1) * factor
    }
    return try Dataset(device: "made", graphs: graphs, latencies: latencies)
  }

  private static func fits(_ loss: Loss, epochs: Int = 30) throws -> [(any StorablePredictor, [EpochRecord])] {
    let data = try data()
    let split = try Split(training: Array(0..<90), validation: Array(90..<120), test: [])
    let options = TrainingOptions(epochs: epochs, learningRate: 3e-3, loss: loss, seed: 1)
    let gcn = try GCNRecipe(GCN.Configuration(layers: 2, hiddenUnits: 16), options: options).fit(to: data, split: split)
    let perceptron = try Perceptron(hiddenUnits: [16], options: options).fit(to: data, split: split)
    return [(gcn.predictor, gcn.curve), (perceptron.predictor, perceptron.curve)]
  }

  @Test(arguments: [Loss.gaussian, .quantiles(lower: 0.1, upper: 0.9)])
  func estimatesSayHowSureTheyAre(_ loss: Loss) throws {
    let data = try Self.data()
    for (predictor, curve) in try Self.fits(loss) {
      #expect(try #require(curve.last).trainingLoss < curve[0].trainingLoss)
      #expect(try predictor.evaluate(on: data).share(within: 0.2) > 0.7)
      let spreads = try predictor.estimate(data.graphs).map { try #require($0.spread) }
      // The relative noise is uniform between -0.1 and 0.1, so its standard deviation is 0.06.
      let mean = spreads.reduce(0, +) / Double(spreads.count)
      #expect(mean > 0.02 && mean < 0.3, "\(type(of: predictor)): \(mean)")
      let intervals = try predictor.calibrated(on: data[Array(90..<120)]).evaluateIntervals(on: data, coverage: 0.8)
      #expect(intervals.count == data.count)
      // The predictor is stored and loaded with all its outputs.
      func reopened<Predictor: StorablePredictor>(_ predictor: Predictor) throws -> [LatencyEstimate] {
        try JSONDecoder().decode(Predictor.self, from: JSONEncoder().encode(predictor)).estimate(data.graphs)
      }
      #expect(try reopened(predictor) == predictor.estimate(data.graphs))
    }
  }

  @Test func aQuantileLiesAsHighAsItSays() throws {
    let data = try Self.data()
    for (predictor, _) in try Self.fits(.quantile(0.9)) {
      let share = try zip(predictor.predict(data.graphs), data.latencies).count { $0 >= $1 }
      #expect(share > 85 && share < 120, "\(share) of 120")
      #expect(try predictor.estimate(data.graphs).allSatisfy { $0.spread == nil })
    }
  }

  @Test func rankingFindsTheOrder() throws {
    for share in [0.5, 1] {
      for (predictor, _) in try Self.fits(.rankingHinge(margin: 0.2, share: share)) {
        #expect(try predictor.evaluate(on: Self.data()).spearmanRho > 0.9)
      }
    }
  }
}
