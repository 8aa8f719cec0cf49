/// Predicted and measured values of the same samples.
public struct PredictionSeries: Codable, Hashable, Sendable {
  public var label: String
  public var measured: [Double]
  public var predicted: [Double]
  public var unit: String?
  /// The samples' names; empty if they have none.
  public var ids: [String]

  /// - Parameters:
  ///   - measured: The measured value of each sample, not zero.
  ///   - predicted: The predicted values, in the same order.
  ///   - ids: The samples' names, or an empty list.
  public init(label: String = "", measured: [Double], predicted: [Double], unit: String? = nil, ids: [String] = []) {
    self.label = label
    self.measured = measured
    self.predicted = predicted
    self.unit = unit
    self.ids = ids
  }

  /// The relative errors (predicted - measured) / measured of all samples for which they are numbers.
  public var relativeErrors: [Double] {
    zip(predicted, measured).map { ($0 - $1) / $1 }.filter(\.isFinite)
  }

  /// The fraction of samples whose absolute relative error is at most `bound`.
  public func share(within bound: Double) -> Double {
    Quantiles(relativeErrors.map(abs)).share(atMost: bound)
  }

  /// A sample's name: its id, or its number from 1.
  public func name(of sample: Int) -> String {
    ids.indices.contains(sample) ? ids[sample] : "#\(sample + 1)"
  }

  /// The indices of the samples with the greatest absolute relative errors, the worst first.
  public func worst(_ count: Int) -> [Int] {
    let errors = zip(predicted, measured).map { abs(($0 - $1) / $1) }
    let order = errors.indices.filter { errors[$0].isFinite }.sorted { (-errors[$0], $0) < (-errors[$1], $1) }
    return Array(order.prefix(max(0, count)))
  }
}
