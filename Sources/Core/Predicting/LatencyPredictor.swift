/// Something that says how long networks take on a device.
///
/// One of `predict` and `estimate` is enough: the former for predictors that say nothing about how sure they are.
public protocol LatencyPredictor: Sendable {
  /// What the latencies are those of.
  var device: Device { get }

  /// The unit of the latencies, such as "ms".
  var unit: String { get }

  /// What the errors on samples left out say of errors to come; nil where nothing is known, as by default.
  var calibration: ConformalCalibration? { get }

  /// A latency for each graph, in their order, in `unit`.
  /// - Throws: `InputError` when a graph is nothing that it can tell about.
  func predict(_ graphs: [NetworkGraph]) throws -> [Double]

  /// The same with how sure the predictor is of each.
  func estimate(_ graphs: [NetworkGraph]) throws -> [LatencyEstimate]
}

/// A predicted latency.
public struct LatencyEstimate: Codable, Hashable, Sendable {
  /// In the predictor's unit.
  public var latency: Double
  /// The standard deviation of the latency as the predictor sees it, as a share of the latency; for an ensemble, that
  /// between its members. Nil where the predictor can't tell.
  public var spread: Double?

  public init(latency: Double, spread: Double? = nil) {
    self.latency = latency
    self.spread = spread
  }
}

extension LatencyPredictor {
  public var calibration: ConformalCalibration? { nil }

  public func estimate(_ graphs: [NetworkGraph]) throws -> [LatencyEstimate] {
    try predict(graphs).map { LatencyEstimate(latency: $0) }
  }

  /// Predicts every sample of `data` and puts it beside what was measured.
  /// - Throws: `InputError` when a graph can't be predicted, the data set is empty or in another unit, or a prediction
  ///   is
  ///   not a number.
  public func evaluate(on data: Dataset) throws -> Evaluation {
    try requireUnit(of: data)
    return try Evaluation(
      ids: data.samples.map(\.graph.id), measured: data.latencies, predicted: predict(data.graphs), unit: data.unit)
  }

  /// For each graph a range that has the latency in it with the probability `coverage`.
  ///
  /// - Throws: `InputError` when the predictor isn't calibrated, or on too few samples for that coverage.
  public func predictIntervals(_ graphs: [NetworkGraph], coverage: Double = 0.9) throws -> [PredictionInterval] {
    guard let calibration else {
      throw InputError(
        "the predictor has no calibration, so it can't give intervals",
        remedy: "Train it with Calibrated or trainEnsemble, or use calibrated(on:) with samples it was not trained on.")
    }
    return try calibration.intervals(for: estimate(graphs), coverage: coverage)
  }

  /// How good the intervals are on `data`.
  ///
  /// - Throws: `InputError` as `predictIntervals`, and when the data set is empty.
  public func evaluateIntervals(on data: Dataset, coverage: Double = 0.9) throws -> IntervalEvaluation {
    try requireUnit(of: data)
    return try IntervalEvaluation(
      predictIntervals(data.graphs, coverage: coverage), measured: data.latencies, coverage: coverage)
  }

  private func requireUnit(of data: Dataset) throws {
    if !unit.isEmpty, !data.unit.isEmpty, unit != data.unit {
      throw InputError(
        "the predictor gives \(unit), the data set is in \(data.unit)",
        remedy: "Load the latencies in \(unit), or train a predictor on such data.")
    }
  }
}
