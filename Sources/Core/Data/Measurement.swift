/// A measurement of a network's latency on a device. All times are in the unit of the data that it belongs to.
public struct Measurement: Codable, Hashable, Sendable {
  /// The latency to learn from, usually the median of the repeats. It is positive.
  public var latency: Double
  /// A low and a high quantile of the repeats, such as the quartiles; nil if unknown.
  public var low: Double?
  public var high: Double?
  /// The number of runs of the network; nil if unknown.
  public var repeats: Int?
  /// The medians of the two halves of the repeats. Their difference shows how reliable the measurement is.
  public var halves: [Double]?

  public init(
    _ latency: Double, low: Double? = nil, high: Double? = nil, repeats: Int? = nil, halves: [Double]? = nil
  ) {
    self.latency = latency
    self.low = low
    self.high = high
    self.repeats = repeats
    self.halves = halves
  }

  func validate() throws {
    guard latency > 0, latency.isFinite else {
      throw InputError("the latency \(latency) is not a positive number")
    }
    if let low, let high, !(low <= high) {
      throw InputError("the low quantile \(low) is above the high one, \(high)")
    }
    if let repeats, repeats < 1 { throw InputError("the number of repeats is \(repeats), and must be at least 1") }
    if let halves, halves.count != 2 || !halves.allSatisfy({ $0 > 0 && $0.isFinite }) {
      throw InputError("the medians of the halves are \(halves)", remedy: "Give two positive numbers, or nil.")
    }
  }
}
