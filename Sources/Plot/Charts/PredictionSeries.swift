/// What a predictor said of samples that were measured too.
public struct PredictionSeries: Codable, Hashable, Sendable {
  public var label: String
  public var measured: [Double]
  public var predicted: [Double]
  public var unit: String?

  /// - Parameters:
  ///   - measured: One value a sample, not zero.
  ///   - predicted: As many values in the same order.
  public init(label: String = "", measured: [Double], predicted: [Double], unit: String? = nil) {
    self.label = label
    self.measured = measured
    self.predicted = predicted
    self.unit = unit
  }

  /// (predicted - measured) / measured, for every sample where that is a number.
  public var relativeErrors: [Double] {
    zip(predicted, measured).map { ($0 - $1) / $1 }.filter(\.isFinite)
  }

  /// The share of samples whose absolute relative error is at most `bound`.
  public func share(within bound: Double) -> Double {
    Quantiles(relativeErrors.map(abs)).share(atMost: bound)
  }
}
