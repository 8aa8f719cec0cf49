/// Ridge regression on the operations of a network: see `LinearPredictor`.
///
/// ```swift
/// let fit = try LinearRegression().fit(to: data, split: split, label: "linear")
/// ```
///
/// It learns from the training part alone and doesn't use the validation part.
public struct LinearRegression: Recipe {
  public typealias Predictor = LinearPredictor

  /// The ridge penalty of the prices relative to the median latency; it is positive. It stabilises the prices of
  /// correlated terms.
  public var penalty: Double

  /// The number of deviations beyond which a sample counts less, so that outliers don't dominate the regression:
  /// 1.345 is usual (`RobustRegression`). Nil is plain least squares.
  public var huberThreshold: Double?

  public init(penalty: Double = 1e-6, huberThreshold: Double? = nil) {
    self.penalty = penalty
    self.huberThreshold = huberThreshold
  }

  /// Learning is quicker than reading a stored result.
  public var keepsResults: Bool { false }

  /// - Throws: `InputError` when the penalty isn't positive, or the regression has no stable solution.
  public func learn(from data: Dataset, split: Split, in context: TrainingContext) throws -> Fit<LinearRegression> {
    Fit(
      self,
      try LinearPredictor(fitting: data[split.training], penalty: penalty, huberThreshold: huberThreshold))
  }
}
