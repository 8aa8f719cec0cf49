/// Something that says how long networks take.
public protocol LatencyPredictor: Sendable {
  /// A latency for each graph, in their order, in the unit of the data it learned from.
  /// - Throws: `InputError` when a graph is nothing that it can tell about.
  func predict(_ graphs: [NetworkGraph]) throws -> [Double]
}

extension LatencyPredictor {
  /// Predicts every sample of `data` and puts it beside what was measured.
  /// - Throws: `InputError` when a graph can't be predicted, the data set is empty, or a prediction is not a number.
  public func evaluate(on data: Dataset) throws -> Evaluation {
    try Evaluation(
      ids: data.samples.map(\.graph.id), measured: data.latencies, predicted: predict(data.graphs), unit: data.unit)
  }
}
