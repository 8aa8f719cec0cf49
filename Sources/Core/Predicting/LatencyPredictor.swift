/// A predictor of the latencies of networks on a device.
///
/// Implementing one of `predict` and `estimate` suffices; `predict` suits predictors that don't estimate their
/// uncertainty.
public protocol LatencyPredictor: Sendable {
  /// The device whose latencies are predicted.
  var device: Device { get }

  /// The unit of the latencies, such as "ms".
  var unit: String { get }

  /// The calibration of prediction intervals; nil, the default, without one.
  var calibration: ConformalCalibration? { get }

  /// The latency of each graph in `unit`, in the graphs' order.
  /// - Throws: `InputError` when a graph can't be predicted.
  func predict(_ graphs: [NetworkGraph]) throws -> [Double]

  /// The latency of each graph with its uncertainty.
  func estimate(_ graphs: [NetworkGraph]) throws -> [LatencyEstimate]

  /// Warnings about the predictor itself, such as a choice that its samples couldn't decide. The default is none.
  var warnings: [String] { get }

  /// Warnings about networks that the predictor doesn't know completely and predicts by a fallback, one for each node
  /// or kernel concerned. Those of an ensemble come member by member. The default is none.
  ///
  /// Most predictors need none, because their `predict` throws for such a network.
  func warnings(for graphs: [NetworkGraph]) -> [PredictionWarning]
}

/// A predicted latency with its uncertainty.
public struct LatencyEstimate: Codable, Hashable, Sendable {
  /// The latency, in the predictor's unit.
  public var latency: Double
  /// The standard deviation of the prediction as a fraction of the latency; for an ensemble, the deviation between
  /// its members. Nil for predictors that don't estimate it.
  public var spread: Double?
  /// The part of `spread` that comes from training on different folds, as a standard deviation; nil for predictors
  /// whose members don't differ in their folds.
  public var foldSpread: Double?

  public init(latency: Double, spread: Double? = nil, foldSpread: Double? = nil) {
    self.latency = latency
    self.spread = spread
    self.foldSpread = foldSpread
  }

  /// The spread without the part that comes from different folds.
  var spreadWithinFolds: Double? {
    guard let spread, let foldSpread else { return spread }
    return max(spread * spread - foldSpread * foldSpread, 0).squareRoot()
  }
}

extension LatencyPredictor {
  public var calibration: ConformalCalibration? { nil }
  public var warnings: [String] { [] }
  public func warnings(for graphs: [NetworkGraph]) -> [PredictionWarning] { [] }

  public func estimate(_ graphs: [NetworkGraph]) throws -> [LatencyEstimate] {
    try predict(graphs).map { LatencyEstimate(latency: $0) }
  }

  /// Predicts every sample of `data` and compares the predictions with the measured latencies.
  /// - Throws: `InputError` when a graph can't be predicted, the data set is empty or has another unit, or a
  ///   prediction is not a number.
  public func evaluate(on data: Dataset) throws -> Evaluation {
    try requireUnit(of: data)
    return try Evaluation(
      ids: data.samples.map(\.graph.id), measured: data.latencies, predicted: predict(data.graphs), unit: data.unit)
  }

  /// For each graph an interval that contains the latency with the probability `coverage`.
  ///
  /// - Throws: `InputError` when the predictor isn't calibrated, or was calibrated on too few samples for this
  ///   coverage.
  public func predictIntervals(_ graphs: [NetworkGraph], coverage: Double = 0.9) throws -> [PredictionInterval] {
    guard let calibration else {
      throw InputError(
        "the predictor has no calibration, so it can't give intervals",
        remedy: "Train it with Calibrated or trainEnsemble, or use calibrated(on:) with samples it was not trained on.")
    }
    return try calibration.intervals(for: estimate(graphs), coverage: coverage)
  }

  /// The quality of the intervals on `data`.
  ///
  /// - Throws: `InputError` like `predictIntervals`, and when the data set is empty.
  public func evaluateIntervals(on data: Dataset, coverage: Double = 0.9) throws -> IntervalEvaluation {
    try requireUnit(of: data)
    return try IntervalEvaluation(
      predictIntervals(data.graphs, coverage: coverage), measured: data.latencies, coverage: coverage)
  }

  /// - Throws: `InputError` when the data set has another unit than the predictions.
  func requireUnit(of data: Dataset) throws {
    if !unit.isEmpty, !data.unit.isEmpty, unit != data.unit {
      throw InputError(
        "the predictor predicts \(unit), but the data set is in \(data.unit)",
        remedy: "Load the latencies in \(unit), or train a predictor on this data.")
    }
  }
}
