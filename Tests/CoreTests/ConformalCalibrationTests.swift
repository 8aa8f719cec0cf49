import Foundation
import Testing

@testable import Core

/// A predictor that returns the property "truth" as the latency and the property "spread" as its spread.
private struct Oracle: LatencyPredictor {
  let device: Device = "synthetic"
  let unit = "ms"

  func predict(_ graphs: [NetworkGraph]) throws -> [Double] { graphs.map { $0.properties["truth"] ?? .nan } }

  func estimate(_ graphs: [NetworkGraph]) throws -> [LatencyEstimate] {
    zip(graphs, try predict(graphs)).map { LatencyEstimate(latency: $1, spread: $0.properties["spread"] ?? 0) }
  }
}

@Suite struct ConformalCalibrationTests {
  /// Networks whose latencies differ from the truth by a factor exp(noise).
  private func data(_ noise: [Double], truth: Double = 10, spread: (Int) -> Double = { _ in 0 }) throws -> Dataset {
    try Dataset(
      device: "synthetic",
      graphs: noise.indices.map {
        try chain("g\($0)", [Node(.input)], properties: ["truth": truth, "spread": spread($0)])
      }, latencies: noise.map { truth * exp($0) })
  }

  /// Roughly normal numbers with standard deviation 1.
  private func normal(_ count: Int, seed: UInt64) -> [Double] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { _ in (0..<12).reduce(-6) { sum, _ in sum + random.uniform() } }
  }

  @Test(arguments: [(0.5, 5), (0.8, 8), (0.9, 9), (0.75, 8)]) func takesTheScoreOfTheRank(
    _ coverage: Double, _ rank: Int
  )
    throws
  {
    // Nine errors from 0.01 to 0.09, in mixed order and with mixed signs; their median is 0.05.
    let calibration = try ConformalCalibration(
      of: Oracle(), on: data([0.03, -0.01, 0.09, 0.05, -0.07, 0.02, 0.08, -0.04, 0.06]))
    #expect(abs(calibration.typicalError - 0.05) < 1e-12)
    let interval = try calibration.intervals(for: [LatencyEstimate(latency: 20)], coverage: coverage)[0]
    #expect(interval.prediction == 20)
    #expect(abs(log(interval.upper / 20) - Double(rank) / 100) < 1e-12)
    #expect(abs(log(20 / interval.lower) - Double(rank) / 100) < 1e-12)
  }

  /// Latencies of 3 to 12 ms by a clock of whole milliseconds, predicted with 1 % of error: most intervals of few
  /// samples would be too narrow for what rounding does to the others.
  @Test func aCoarseClockWidensIntervals() throws {
    var coverages: [Double] = []
    for draw in 0..<40 {
      var random = SeededGenerator(seed: UInt64(draw))
      func rounded(_ count: Int) throws -> Dataset {
        let truths = (0..<count).map { _ in 3 + 9 * random.uniform() }
        return try Dataset(
          device: "synthetic",
          graphs: truths.indices.map { try chain("g\($0)", [Node(.input)], properties: ["truth": truths[$0]]) },
          latencies: truths.map { ($0 * (0.99 + 0.02 * random.uniform())).rounded() })
      }
      let calibration = try ConformalCalibration(of: Oracle(), on: rounded(10))
      #expect(calibration.clockStep == 1)
      let fresh = try rounded(200)
      let intervals = try calibration.intervals(for: Oracle().estimate(fresh.graphs), coverage: 0.9)
      coverages.append(try IntervalEvaluation(intervals, measured: fresh.latencies, coverage: 0.9).coverage)
    }
    #expect((coverages.min() ?? 0) > 0.8 && coverages.reduce(0, +) / 40 > 0.9)
  }

  @Test(arguments: [
    ([10, 20, 30, 50, 20], 10.0), ([3, 4, 5, 7, 9], 1), ([0.3, 0.4, 0.7, 0.2, 1.1], 0.1), ([3, 4, 5, 7, 9.5], 0.1),
    ([300, 401, 507, 711, 905], nil), ([7, 7, 7, 7, 7], nil), ([3, 4, 5], nil), ([3.25, 4.5, 5, 7, 9], nil),
  ]) func clockStepsAreSeen(_ latencies: [Double], _ step: Double?) throws {
    let data = try Dataset(
      device: "synthetic",
      graphs: latencies.indices.map { try chain("g\($0)", [Node(.input)], properties: ["truth": 5]) },
      latencies: latencies)
    #expect(try ConformalCalibration(of: Oracle(), on: data).clockStep == step)
  }

  @Test(arguments: [0.5, 0.8, 0.9, 0.95]) func coversAsManyAsPromised(_ coverage: Double) throws {
    let calibration = try ConformalCalibration(of: Oracle(), on: data(normal(400, seed: 1).map { $0 / 20 }))
    let fresh = try data(normal(4000, seed: 2).map { $0 / 20 }, truth: 3)
    let evaluation = try IntervalEvaluation(
      calibration.intervals(for: Oracle().estimate(fresh.graphs), coverage: coverage), measured: fresh.latencies,
      coverage: coverage)
    #expect(evaluation.count == 4000)
    #expect(evaluation.nominalCoverage == coverage)
    // With 400 scores, the true coverage varies by at most 0.025.
    #expect(abs(evaluation.coverage - coverage) < 0.05)
  }

  @Test func isWiderWhereMembersDisagree() throws {
    // The errors are proportional to the spread.
    let noise = normal(600, seed: 3)
    let spread = { (index: Int) in index % 2 == 0 ? 0.02 : 0.2 }
    let known = try data(noise.enumerated().map { $1 * spread($0) }, spread: spread)
    let calibration = try ConformalCalibration(of: Oracle(), on: known)
    let intervals = try calibration.intervals(
      for: [LatencyEstimate(latency: 1, spread: 0.02), LatencyEstimate(latency: 1, spread: 0.2)], coverage: 0.9)
    #expect(intervals[1].upper > intervals[0].upper)
    #expect(intervals[1].lower < intervals[0].lower)
  }

  /// Two kinds of members and five folds, all with independent errors of 5 %. A sample is left out by one member of
  /// each kind. The deviation of all ten members is greater, and intervals made with it cover too much.
  @Test func spreadIsThatWithinFolds() throws {
    let (count, folds) = (1000, 5)
    let noise = normal(count * (2 * folds + 1), seed: 5).map { 0.05 * $0 }
    func members(_ sample: Int) -> [Double] {
      (1...2 * folds).map { (member: Int) -> Double in 10 * exp(noise[count * member + sample]) }
    }
    func moments(_ values: [Double]) -> (mean: Double, variance: Double) {
      var (sum, squares) = (0.0, 0.0)
      for value in values { sum += value }
      let mean = sum / Double(values.count)
      for value in values { squares += (value - mean) * (value - mean) }
      return (mean, squares / Double(values.count))
    }
    let known = try data((0..<count).map { noise[$0] })
    let ofOneFold = (0..<count).map { sample -> LatencyEstimate in
      let (mean, variance) = moments(Array(members(sample).prefix(2)))
      return LatencyEstimate(latency: mean, spread: variance.squareRoot() / mean)
    }
    let calibration = try ConformalCalibration(estimates: ofOneFold, of: known, isByFolds: true)
    let ofAll = (0..<count).map { sample -> LatencyEstimate in
      let all = members(sample)
      let (mean, total) = moments(all)
      var means: [Double] = []
      for fold in 0..<folds { means.append((all[2 * fold] + all[2 * fold + 1]) / 2) }
      let between = moments(means).variance
      return LatencyEstimate(latency: mean, spread: total.squareRoot() / mean, foldSpread: between.squareRoot() / mean)
    }
    func width(_ estimates: [LatencyEstimate]) throws -> Double {
      var sum = 0.0
      for interval in try calibration.intervals(for: estimates, coverage: 0.9) {
        sum += interval.upper / interval.lower
      }
      return sum
    }
    let whole = ofAll.map { LatencyEstimate(latency: $0.latency, spread: $0.spread) }
    #expect(try width(ofAll) < width(whole))
    func squares(_ spreads: [Double?]) -> Double {
      var sum = 0.0
      for spread in spreads { sum += (spread ?? 0) * (spread ?? 0) }
      return sum
    }
    let ratio = squares(ofAll.map { $0.spreadWithinFolds }) / squares(ofOneFold.map { $0.spread })
    #expect(0.9...1.1 ~= ratio)
    // A calibration by the whole predictor's errors has its whole spread.
    let own = try ConformalCalibration(estimates: ofAll, of: known)
    #expect(try own.intervals(for: ofAll, coverage: 0.9) == own.intervals(for: whole, coverage: 0.9))
    #expect(try handedOn(calibration) == calibration)
  }

  @Test func evaluatesCoverageAndWidth() throws {
    let intervals = [(1.0, 3.0), (2, 4), (1, 2)].map { PredictionInterval(prediction: 2, lower: $0, upper: $1) }
    let evaluation = try IntervalEvaluation(intervals, measured: [3, 1.9, 1.5], coverage: 0.9)
    #expect(evaluation.coverage == 2 / 3.0)
    #expect(abs(evaluation.meanRelativeWidth - 5 / 6.0) < 1e-12)
    #expect(try handedOn(evaluation) == evaluation)
    #expect(
      try message { _ = try IntervalEvaluation([], measured: [], coverage: 0.9) }
        == "there are 0 intervals and 0 measured values to evaluate")
  }

  @Test func alwaysRightIsNoProblem() throws {
    let calibration = try ConformalCalibration(of: Oracle(), on: data(Array(repeating: 0, count: 10)))
    let interval = try calibration.intervals(for: [LatencyEstimate(latency: 2)], coverage: 0.9)[0]
    #expect(interval.contains(2))
    #expect(interval.upper - interval.lower < 1e-6)
  }

  @Test func whatItCanNotDo() throws {
    let few = try ConformalCalibration(of: Oracle(), on: data([0.1, 0.2, 0.3, 0.1, 0.1, 0.2, 0.2, 0.1]))
    #expect(
      try message { _ = try few.intervals(for: [], coverage: 0.9) } == """
        8 calibration samples are too few for intervals of coverage 0.9
          Calibrate on at least 9, or use a lower coverage.
        """)
    #expect(try few.intervals(for: [], coverage: 0.8).isEmpty)
    for coverage in [0, 1, 1.5, .nan] {
      #expect(
        try message { _ = try few.intervals(for: [], coverage: coverage) }
          == "intervals can't have the coverage \(coverage)\n  Use a fraction such as 0.9.")
    }
    #expect(
      try message { _ = try ConformalCalibration(of: Oracle(), on: data([])) }
        == "calibrating needs at least one sample\n  Use a validation part, for example.")
    let negative = try Dataset(
      device: "d", graphs: [chain("n", [Node(.input)], properties: ["truth": -1])], latencies: [1])
    #expect(
      try message { _ = try ConformalCalibration(of: Oracle(), on: negative) }
        == "the prediction for \"n\" is -1.0: intervals need predictions above 0\n  Scale targets by their logarithm.")
  }

  @Test func predictionsBelowZeroHaveNoIntervals() throws {
    let calibration = try ConformalCalibration(of: Oracle(), on: data([0.01, 0.02, 0.03]))
    #expect(
      try message { _ = try calibration.intervals(for: [LatencyEstimate(latency: -4)], coverage: 0.5) }
        == "a prediction is -4.0: intervals need predictions above 0\n  Scale targets by their logarithm.")
  }

  @Test func otherUnitsAreErrors() throws {
    var seconds = try data([0.01, 0.02, 0.03])
    seconds.unit = "s"
    #expect(
      try message { _ = try ConformalCalibration(of: Oracle(), on: seconds) }
        .hasPrefix("the predictor predicts ms, but the data set is in s\n"))
  }
}
