/// Sample quantiles and moments of the finite values of a list.
public struct Quantiles: Sendable {
  /// The finite values, ascending.
  public let sorted: [Double]

  public init(_ values: some Sequence<Double>) {
    sorted = values.filter(\.isFinite).sorted()
  }

  /// The quantile by linear interpolation (Hyndman and Fan's type 7); nil without values.
  public func callAsFunction(_ share: Double) -> Double? {
    guard let first = sorted.first else { return nil }
    let position = max(0, min(1, share)) * Double(sorted.count - 1)
    let below = Int(position)
    guard below + 1 < sorted.count else { return sorted.last ?? first }
    return sorted[below] + (position - Double(below)) * (sorted[below + 1] - sorted[below])
  }

  public var median: Double? { self(0.5) }

  /// The interquartile range; 0 without values.
  public var interquartileRange: Double {
    guard let low = self(0.25), let high = self(0.75) else { return 0 }
    return high - low
  }

  /// The square root of the unbiased variance; 0 for fewer than two values.
  public var standardDeviation: Double {
    guard sorted.count > 1 else { return 0 }
    let mean = sorted.reduce(0, +) / Double(sorted.count)
    let squares = sorted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(sorted.count - 1)).squareRoot()
  }

  /// The fraction of values that are at most `bound`; 0 without values.
  public func share(atMost bound: Double) -> Double {
    guard !sorted.isEmpty else { return 0 }
    var low = 0
    var high = sorted.count
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] <= bound { low = middle + 1 } else { high = middle }
    }
    return Double(low) / Double(sorted.count)
  }
}
