/// Ridge regression on what a network is made of: see `LinearPredictor`.
///
/// ```swift
/// let fit = try LinearRegression().fit(to: data, split: split, label: "linear")
/// ```
///
/// It learns from the training part alone; the validation part plays no role.
public struct LinearRegression: Recipe {
  public typealias Predictor = LinearPredictor

  /// The ridge penalty, positive; it keeps the prices of terms apart that go together.
  public var penalty: Double

  /// Beyond how many deviations a sample counts less, so that gross outliers don't swing the regression: 1.345 is
  /// usual (`RobustRegression`). Nil for plain least squares.
  public var huberThreshold: Double?

  public init(penalty: Double = 1e-6, huberThreshold: Double? = nil) {
    self.penalty = penalty
    self.huberThreshold = huberThreshold
  }

  /// It learns faster than a result can be read.
  public var keepsResults: Bool { false }

  /// - Throws: `InputError` when the penalty isn't positive, or the regression has no stable solution.
  public func learn(from data: Dataset, split: Split, in context: TrainingContext) throws -> Fit<LinearRegression> {
    Fit(
      self,
      try LinearPredictor(fitting: data[split.training], penalty: penalty, huberThreshold: huberThreshold))
  }
}
