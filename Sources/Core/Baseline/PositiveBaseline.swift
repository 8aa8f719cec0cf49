/// A linear predictor whose predictions never fall to 0 or below, so that latencies can be divided by them.
public struct PositiveBaseline: LatencyPredictor, Codable, Hashable {
  public let linear: LinearPredictor
  /// What predictions below it are raised to: a tenth of the least latency it learned from.
  public let floor: Double

  /// - Throws: as `LinearPredictor`.
  public init(fitting data: Dataset) throws {
    linear = try LinearPredictor(fitting: data)
    floor = data.latencies.reduce(.infinity, min) / 10
  }

  public func predict(_ graphs: [NetworkGraph]) throws -> [Double] {
    try linear.predict(graphs).map { max($0, floor) }
  }
}

extension TrainingOptions {
  /// What a GCN's predictions are multiplied by, so that it has only the rest to learn.
  public enum Baseline: String, Codable, Hashable, Sendable, CaseIterable {
    /// Nothing: the GCN learns the whole latency.
    case none
    /// A `LinearPredictor` of the training part: the GCN learns the ratio of the latency to the linear prediction. Where
    /// networks grow or shrink beyond all that was trained on, the ratio stays near 1.
    case linear
    /// As `linear` where a linear regression is nearly right already: where in a cross-validation within the training part, in
    /// five folds, half of the samples are within 5 %. Elsewhere, as `none`: its errors would be one more thing to learn.
    case automatic

    /// What this means for samples to train on.
    ///
    /// - Throws: as `LinearPredictor`.
    func fitted(to data: Dataset) throws -> PositiveBaseline? {
      switch self {
      case .none: nil
      case .linear: try PositiveBaseline(fitting: data)
      case .automatic: try PositiveBaseline.isAccurate(on: data) ? PositiveBaseline(fitting: data) : nil
      }
    }
  }
}

extension PositiveBaseline {
  private static let folds = 5
  private static let tolerance = 0.05

  /// Whether at least half of the samples are within the tolerance when predicted from the other folds.
  fileprivate static func isAccurate(on data: Dataset) throws -> Bool {
    guard data.count >= 2 * folds else { return false }
    let operations = Set(data.samples.lazy.flatMap { $0.graph.nodes.lazy.map(\.operation) })
    var accurate = 0
    for fold in 0..<folds {
      let (rest, held) = (0..<data.count).reduce(into: ([Int](), [Int]())) { parts, index in
        if index % folds == fold { parts.1.append(index) } else { parts.0.append(index) }
      }
      let others = data[rest]
      // A fold may be the only one with some operation.
      let known = Set(others.samples.lazy.flatMap { $0.graph.nodes.lazy.map(\.operation) })
      guard known == operations else { continue }
      let predictions = try PositiveBaseline(fitting: others).predict(data[held].graphs)
      accurate += zip(predictions, held).count {
        abs($0 - data.samples[$1].latency) <= tolerance * data.samples[$1].latency
      }
    }
    return 2 * accurate >= data.count
  }
}
