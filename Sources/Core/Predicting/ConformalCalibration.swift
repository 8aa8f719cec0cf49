internal import Basics
import Foundation
import Numerics

/// A calibration of prediction intervals by a predictor's errors on samples that it was not trained on (split
/// conformal prediction: Papadopoulos and others, 2002; Lei and others, 2018).
///
/// The score of a sample with measured latency y, prediction p and spread s is
///
///     |log(y / p)| / (s + c)
///
/// where c is the median of |log(y / p)|, and s is 0 for predictors without a spread. So intervals are wider where
/// the members of an ensemble disagree. Let q be the score of rank ceil((n + 1) coverage) among n scores; the
/// interval is p exp(-q (s + c)) to p exp(q (s + c)). If later samples are drawn from the same distribution, it
/// contains the latency with at least the probability `coverage`.
///
/// In an ensemble, a sample was left out by the members of one fold only, so that its spread s is that of one member
/// of each kind. The spread of all members would be greater, by what they differ between folds, and intervals that are
/// made with it cover more than they promise (95 to 98 % in place of 90). So s is the spread within folds for these
/// intervals, too.
///
/// A clock that counts whole steps of g, such as milliseconds, only says that the latency is between y - g/2 and
/// y + g/2. With such a clock a score counts how far p is outside that range, and intervals are wider by g/2 at both
/// ends, which few samples alone would not show.
public struct ConformalCalibration: Codable, Hashable, Sendable {
  /// The scores, ascending.
  public let scores: [Double]
  /// The median error c, which is positive.
  public let typicalError: Double
  /// The clock step g: 0.1, 1 or 10 if all latencies are multiples of it and it is at least 1 % of them; nil
  /// otherwise.
  public let clockStep: Double?
  /// Whether each score is that of the members of one fold, while predictions are those of all folds; nil, in files of
  /// older versions, means no.
  private let isByFolds: Bool?

  /// - Parameter data: Samples that the predictor was neither trained on nor chosen by.
  /// - Throws: `InputError` when there are no samples, they have another unit, a graph can't be predicted, or a
  ///   prediction is not above 0.
  public init(of predictor: some LatencyPredictor, on data: Dataset) throws {
    try predictor.requireUnit(of: data)
    try self.init(estimates: predictor.estimate(data.graphs), of: data)
  }

  /// Makes a calibration from estimates of the samples of `data`, in their order.
  ///
  /// - Parameter isByFolds: Whether each estimate is that of the members of one fold, which left out the sample.
  init(estimates: [LatencyEstimate], of data: Dataset, isByFolds: Bool = false) throws {
    guard data.count > 0 else {
      throw InputError("calibrating needs at least one sample", remedy: "Use a validation part, for example.")
    }
    let step = Self.clockStep(of: data.latencies)
    var errors: [Double] = []
    let beyond = try zip(data.samples, estimates).map { sample, estimate in
      guard estimate.latency > 0, estimate.latency.isFinite else {
        throw InputError(
          "the prediction for \"\(sample.graph.id)\" is \(estimate.latency): intervals need predictions above 0",
          remedy: "Scale targets by their logarithm.")
      }
      errors.append(abs(CorrectlyRounded.log(sample.latency / estimate.latency)))
      guard let half = step.map({ $0 / 2 }) else { return errors[errors.count - 1] }
      let nearest = min(max(estimate.latency, sample.latency - half), sample.latency + half)
      return abs(CorrectlyRounded.log(nearest / estimate.latency))
    }
    // A predictor without any error still needs a scale above 0.
    let typical = max(errors.sorted()[errors.count / 2], 1e-9)
    typicalError = typical
    clockStep = step
    self.isByFolds = isByFolds ? true : nil
    scores = zip(beyond, estimates).map { $0 / (($1.spread ?? 0) + typical) }.sorted()
  }

  /// The step of the clock, if the latencies show one.
  private static func clockStep(of latencies: [Double]) -> Double? {
    // By chance, five latencies in steps of a tenth are all whole numbers once in a hundred thousand cases.
    guard latencies.count >= 5, Set(latencies).count >= 2 else { return nil }
    let median = latencies.sorted()[latencies.count / 2]
    return [10, 1, 0.1].first { step in
      step >= 0.01 * median && latencies.allSatisfy { abs($0 / step - ($0 / step).rounded()) < 1e-9 }
    }
  }

  /// The interval of each estimate.
  ///
  /// - Parameter coverage: The fraction of intervals that should contain the latency, above 0 and below 1.
  /// - Throws: `InputError` when there are too few scores for this coverage, of which at least coverage / (1 -
  ///   coverage) are needed, and when a prediction is not above 0.
  public func intervals(for estimates: [LatencyEstimate], coverage: Double) throws -> [PredictionInterval] {
    guard coverage > 0, coverage < 1 else {
      throw InputError("intervals can't have the coverage \(coverage)", remedy: "Use a fraction such as 0.9.")
    }
    // The small subtrahend avoids rounding up: in floating point, 0.9 of 9 + 1 is a little more than 9.
    let rank = max(Int(clamping: (Double(scores.count + 1) * coverage - 1e-9).rounded(.up)), 1)
    guard rank <= scores.count else {
      let needed = Int(clamping: (coverage / (1 - coverage) - 1e-9).rounded(.up))
      throw InputError(
        "\(scores.count) calibration samples are too few for intervals of coverage \(coverage)",
        remedy: "Calibrate on at least \(needed), or use a lower coverage.")
    }
    if let estimate = estimates.first(where: { !($0.latency > 0 && $0.latency.isFinite) }) {
      throw InputError(
        "a prediction is \(estimate.latency): intervals need predictions above 0",
        remedy: "Scale targets by their logarithm.")
    }
    return estimates.map { estimate in
      let spread = isByFolds == true ? estimate.spreadWithinFolds : estimate.spread
      let width = scores[rank - 1] * ((spread ?? 0) + typicalError)
      let half = (clockStep ?? 0) / 2
      return PredictionInterval(
        prediction: estimate.latency, lower: max(estimate.latency * CorrectlyRounded.exp(-width) - half, 0),
        upper: estimate.latency * CorrectlyRounded.exp(width) + half)
    }
  }
}

/// A prediction, and an interval that probably contains the latency.
public struct PredictionInterval: Codable, Hashable, Sendable {
  /// The prediction in the predictor's unit, which is also the bounds' unit.
  public var prediction: Double
  public var lower: Double
  public var upper: Double

  public init(prediction: Double, lower: Double, upper: Double) {
    self.prediction = prediction
    self.lower = lower
    self.upper = upper
  }

  /// Whether the measured latency is in the interval, including its bounds.
  public func contains(_ measured: Double) -> Bool { lower <= measured && measured <= upper }
}

/// The quality of intervals: their coverage and their width.
public struct IntervalEvaluation: Codable, Hashable, Sendable {
  /// The requested coverage.
  public var nominalCoverage: Double
  /// The fraction of intervals that contain the measured latency.
  public var coverage: Double
  /// The mean of (upper - lower) / prediction.
  public var meanRelativeWidth: Double
  public var count: Int

  /// - Throws: `InputError` when there are no intervals, or their number differs from the number of measured
  ///   latencies.
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
