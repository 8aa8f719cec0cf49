/// Predicted and measured values of the same samples.
public struct PredictionSeries: Codable, Hashable, Sendable {
  public var label: String
  public var measured: [Double]
  public var predicted: [Double]
  public var unit: String?
  /// The samples' names; empty when they have none.
  public var ids: [String]

  /// - Parameters:
  ///   - measured: One value a sample, not zero.
  ///   - predicted: As many values in the same order.
  ///   - ids: As many names, or none.
  public init(label: String = "", measured: [Double], predicted: [Double], unit: String? = nil, ids: [String] = []) {
    self.label = label
    self.measured = measured
    self.predicted = predicted
    self.unit = unit
    self.ids = ids
  }

  /// (predicted - measured) / measured, for every sample where that is a number.
  public var relativeErrors: [Double] {
    zip(predicted, measured).map { ($0 - $1) / $1 }.filter(\.isFinite)
  }

  /// The share of samples whose absolute relative error is at most `bound`.
  public func share(within bound: Double) -> Double {
    Quantiles(relativeErrors.map(abs)).share(atMost: bound)
  }

  /// A sample's name: its id, or its number counted from 1.
  public func name(of sample: Int) -> String {
    ids.indices.contains(sample) ? ids[sample] : "#\(sample + 1)"
  }

  /// The positions of the samples with the greatest absolute relative errors, worst first.
  public func worst(_ count: Int) -> [Int] {
    let errors = zip(predicted, measured).map { abs(($0 - $1) / $1) }
    let order = errors.indices.filter { errors[$0].isFinite }.sorted { (-errors[$0], $0) < (-errors[$1], $1) }
    return Array(order.prefix(max(0, count)))
  }
}
