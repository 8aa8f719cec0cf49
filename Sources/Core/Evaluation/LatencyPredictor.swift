/// Something that says how long networks take.
public protocol LatencyPredictor: Sendable {
  /// A latency for each graph, in their order, in the unit of the data it learned from.
  /// - Throws: `InputError` when a graph is nothing that it can tell about.
  func predict(_ graphs: [NetworkGraph]) throws -> [Double]

  /// The same with how sure the predictor is; one that can't tell gives a spread of 0 for all.
  func estimate(_ graphs: [NetworkGraph]) throws -> [LatencyEstimate]
}

/// A predicted latency.
public struct LatencyEstimate: Codable, Hashable, Sendable {
  /// In the predictor's unit.
  public var latency: Double
  /// The standard deviation between the predictions of an ensemble, as a share of the latency; else 0.
  public var spread: Double

  public init(latency: Double, spread: Double = 0) {
    self.latency = latency
    self.spread = spread
  }
}

extension LatencyPredictor {
  public func estimate(_ graphs: [NetworkGraph]) throws -> [LatencyEstimate] {
    try predict(graphs).map { LatencyEstimate(latency: $0) }
  }

  /// Predicts every sample of `data` and puts it beside what was measured.
  /// - Throws: `InputError` when a graph can't be predicted, the data set is empty, or a prediction is not a number.
  public func evaluate(on data: Dataset) throws -> Evaluation {
    try Evaluation(
      ids: data.samples.map(\.graph.id), measured: data.latencies, predicted: predict(data.graphs), unit: data.unit)
  }
}
