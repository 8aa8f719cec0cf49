import Numerics

/// A lookup table: the latency of a network is the sum of its operations' times (FBNet, ChamNet, Once-for-all).
///
/// The table is fitted to measured networks: the latency is an intercept plus the sum of the entries of `key`, which
/// minimise the mean squared relative error. A small penalty separates entries that appear only together.
/// `LookupTablePredictor(measured:)` takes a table that was measured operation by operation.
///
/// ```swift
/// let fit = try LookupTable(key: .position).fit(to: data, split: split, label: "FBNet's table")
/// ```
public struct LookupTable: Recipe {
  public typealias Predictor = LookupTablePredictor

  public var key: LookupKey
  /// The ridge penalty of the entries relative to the median latency; it is positive.
  public var penalty: Double
  /// The number of deviations beyond which a sample counts less (`RobustRegression`); nil for plain least squares.
  public var huberThreshold: Double?

  public init(key: LookupKey = .position, penalty: Double = 1e-9, huberThreshold: Double? = nil) {
    self.key = key
    self.penalty = penalty
    self.huberThreshold = huberThreshold
  }

  /// Learning is quicker than reading a stored result.
  public var keepsResults: Bool { false }

  /// - Throws: `InputError` when a setting isn't positive, or the table has no stable solution.
  public func learn(from data: Dataset, split: Split, in context: TrainingContext) throws -> Fit<LookupTable> {
    guard penalty > 0, penalty.isFinite, huberThreshold ?? 1 > 0 else {
      throw InputError("the penalty or the threshold isn't positive", remedy: "1e-9 and 1.345 are usual.")
    }
    let training = data[split.training]
    try training.requirePositiveLatencies(for: "a table needs")
    let used = training.graphs.map { key.entries(of: $0) }
    var places: [LookupKey.Entry: Int] = [:]
    var entries: [LookupKey.Entry] = []
    for entry in used.joined() where places[entry] == nil {
      places[entry] = entries.count
      entries.append(entry)
    }
    let rows = used.map { used in
      var row = [Double](repeating: 0, count: entries.count)
      for entry in used { if let place = places[entry] { row[place] += 1 } }
      return row
    }
    let solution =
      if let huberThreshold {
        try RobustRegression.fit(
          rows: rows, targets: training.latencies, penalty: penalty, threshold: huberThreshold)
      } else {
        try RidgeRegression(
          rows: rows, targets: training.latencies, relativeTo: training.latencies, penalty: penalty)
      }
    var times = [Double](repeating: 0, count: entries.count)
    for (column, coefficient) in zip(solution.columns, solution.coefficients) { times[column] = coefficient }
    return Fit(
      self,
      LookupTablePredictor(
        key: key, entries: entries, times: times, intercept: solution.intercept, factor: 1, unit: data.unit,
        device: data.measuredOn))
  }
}
