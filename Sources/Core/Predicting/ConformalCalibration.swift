internal import Basics
import Foundation
import Numerics

/// What a predictor's errors on samples that it was not trained on say about errors to come (split conformal
/// prediction: Papadopoulos and others, 2002; Lei and others, 2018).
///
/// The score of a sample, y measured, p predicted and s the spread of the estimate, is
///
///     |log(y / p)| / (s + c)
///
/// with `c` the median of |log(y / p)|, and s = 0 where the predictor can't tell, so that intervals are wider where the
/// members of an ensemble disagree. Of n scores the one of rank ceil((n + 1) coverage) is q, and the interval is
/// p exp(-q (s + c)) to p exp(q (s + c)). Where later samples are drawn like these, it has the latency in it with at
/// least that probability.
///
/// A clock that counts whole steps of g, such as milliseconds, says no more than that the latency is between y - g/2
/// and y + g/2. There a score counts how far p is outside that range, and intervals are wider by g/2 at both ends, which
/// few samples alone would not show.
public struct ConformalCalibration: Codable, Hashable, Sendable {
  /// Ascending.
  public let scores: [Double]
  /// c, positive.
  public let typicalError: Double
  /// g, where latencies are multiples of 0.1, 1 or 10 and that is 1 % of them or more; nil otherwise.
  public let clockStep: Double?

  /// - Parameter data: Samples that the predictor was neither trained on nor chosen by.
  /// - Throws: `InputError` when there are none, a graph can't be predicted, or a prediction is not above 0.
  public init(of predictor: some LatencyPredictor, on data: Dataset) throws {
    try self.init(estimates: predictor.estimate(data.graphs), of: data)
  }

  /// The same from estimates of the samples of `data`, in their order.
  init(estimates: [LatencyEstimate], of data: Dataset) throws {
    guard data.count > 0 else {
      throw InputError("there are no samples to calibrate on", remedy: "Set some aside: a validation part will do.")
    }
    let step = Self.clockStep(of: data.latencies)
    var errors: [Double] = []
    let beyond = try zip(data.samples, estimates).map { sample, estimate in
      guard estimate.latency > 0, estimate.latency.isFinite else {
        throw InputError(
          "the prediction for \"\(sample.graph.id)\" is \(estimate.latency), which allows no interval",
          remedy: "Scale targets by their logarithm.")
      }
      errors.append(abs(CorrectlyRounded.log(sample.latency / estimate.latency)))
      guard let half = step.map({ $0 / 2 }) else { return errors[errors.count - 1] }
      let nearest = min(max(estimate.latency, sample.latency - half), sample.latency + half)
      return abs(CorrectlyRounded.log(nearest / estimate.latency))
    }
    // A predictor that is always right still needs a scale.
    let typical = max(errors.sorted()[errors.count / 2], 1e-9)
    typicalError = typical
    clockStep = step
    scores = zip(beyond, estimates).map { $0 / (($1.spread ?? 0) + typical) }.sorted()
  }

  /// The step of the clock, so far as latencies show one.
  private static func clockStep(of latencies: [Double]) -> Double? {
    // By chance, five latencies in steps of a tenth are whole once in a hundred thousand times.
    guard latencies.count >= 5, Set(latencies).count >= 2 else { return nil }
    let median = latencies.sorted()[latencies.count / 2]
    return [10, 1, 0.1].first { step in
      step >= 0.01 * median && latencies.allSatisfy { abs($0 / step - ($0 / step).rounded()) < 1e-9 }
    }
  }

  /// The interval of each estimate.
  ///
  /// - Parameter coverage: The wanted share of intervals with the latency in them, above 0 and below 1.
  /// - Throws: `InputError` when there are too few scores for that coverage: at least coverage / (1 - coverage) are
  ///   needed.
  public func intervals(for estimates: [LatencyEstimate], coverage: Double) throws -> [PredictionInterval] {
    guard coverage > 0, coverage < 1 else {
      throw InputError("intervals can't have the coverage \(coverage)", remedy: "Use a share like 0.9.")
    }
    // Without the subtrahend 0.9 of 9 + 1 is a little more than 9.
    let rank = max(Int(clamping: (Double(scores.count + 1) * coverage - 1e-9).rounded(.up)), 1)
    guard rank <= scores.count else {
      let needed = Int(clamping: (coverage / (1 - coverage) - 1e-9).rounded(.up))
      throw InputError(
        "\(scores.count) calibration samples are too few for intervals of coverage \(coverage)",
        remedy: "Calibrate on \(needed) or more, or ask for less coverage.")
    }
    return estimates.map { estimate in
      let width = scores[rank - 1] * ((estimate.spread ?? 0) + typicalError)
      let half = (clockStep ?? 0) / 2
      return PredictionInterval(
        prediction: estimate.latency, lower: max(estimate.latency * CorrectlyRounded.exp(-width) - half, 0),
        upper: estimate.latency * CorrectlyRounded.exp(width) + half)
    }
  }
}

/// A prediction and the range that is likely to have the latency in it.
public struct PredictionInterval: Codable, Hashable, Sendable {
  /// In the predictor's unit, as the bounds.
  public var prediction: Double
  public var lower: Double
  public var upper: Double

  public init(prediction: Double, lower: Double, upper: Double) {
    self.prediction = prediction
    self.lower = lower
    self.upper = upper
  }

  /// Whether the measured latency is in the range, bounds included.
  public func contains(_ measured: Double) -> Bool { lower <= measured && measured <= upper }
}

/// How good intervals are: how many have the measured latency in them, and how wide they are for that.
public struct IntervalEvaluation: Codable, Hashable, Sendable {
  /// What was asked for.
  public var nominalCoverage: Double
  /// The share of intervals with the measured latency in them.
  public var coverage: Double
  /// Mean of (upper - lower) / prediction.
  public var meanRelativeWidth: Double
  public var count: Int

  /// - Throws: `InputError` when there are no intervals, or not as many as measured latencies.
  public init(_ intervals: [PredictionInterval], measured: [Double], coverage: Double) throws {
    guard !intervals.isEmpty, intervals.count == measured.count else {
      throw InputError("there are \(intervals.count) intervals and \(measured.count) measured values to evaluate")
    }
    count = intervals.count
    nominalCoverage = coverage
    self.coverage = Double(zip(intervals, measured).count { $0.contains($1) }) / Double(count)
    meanRelativeWidth = intervals.reduce(0) { $0 + ($1.upper - $1.lower) / $1.prediction } / Double(count)
  }
}
