import Foundation
internal import Numerics

/// A value with an interval that may contain it.
public struct Estimate: Codable, Hashable, Sendable {
  public var value: Double
  public var low: Double
  public var high: Double

  public init(_ value: Double, low: Double, high: Double) {
    self.value = value
    self.low = low
    self.high = high
  }

  /// The mean of the finite samples with its confidence interval, mean ± t s / √n, where t is the quantile of
  /// Student's distribution. The interval is empty for one sample, and everything is NaN without samples.
  ///
  /// - Parameter confidence: The confidence, between 0 and 1.
  public static func mean(of samples: [Double], confidence: Double = 0.95) -> Estimate {
    let samples = samples.filter(\.isFinite)
    guard !samples.isEmpty else { return Estimate(.nan, low: .nan, high: .nan) }
    let mean = samples.reduce(0, +) / Double(samples.count)
    let error = Quantiles(samples).standardDeviation / Double(samples.count).squareRoot()
    let reach = samples.count > 1 ? error * studentQuantile(confidence: confidence, freedom: samples.count - 1) : 0
    return Estimate(mean, low: mean - reach, high: mean + reach)
  }

  /// The estimate with its interval cut off at the ends of a range, such as 0...1 for a fraction.
  public func limited(to range: ClosedRange<Double>) -> Estimate {
    // A NaN stays one.
    func limited(_ bound: Double) -> Double {
      bound < range.lowerBound ? range.lowerBound : bound > range.upperBound ? range.upperBound : bound
    }
    return Estimate(value, low: limited(low), high: limited(high))
  }

  /// The median of the finite samples, with the range of their middle part as the interval.
  ///
  /// - Parameter share: The fraction of samples inside: 0.5 for the quartiles, 1 for all.
  public static func median(of samples: [Double], share: Double = 0.5) -> Estimate {
    let quantiles = Quantiles(samples)
    return Estimate(
      quantiles.median ?? .nan, low: quantiles((1 - share) / 2) ?? .nan, high: quantiles((1 + share) / 2) ?? .nan)
  }

  /// The t for which a variable of Student's distribution is below t in absolute value with this probability, by
  /// bisection of the distribution's closed form for integer degrees of freedom (Abramowitz and Stegun, 26.7.3 and
  /// 26.7.4).
  static func studentQuantile(confidence: Double, freedom: Int) -> Double {
    let confidence = max(0, min(confidence, 1 - 1e-9))
    var (low, high) = (0.0, 1.0)
    while studentProbability(high, freedom: freedom) < confidence, high < 1e12 { high *= 2 }
    for _ in 0..<80 {
      let middle = (low + high) / 2
      if studentProbability(middle, freedom: freedom) < confidence { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// The probability of absolute values below t.
  private static func studentProbability(_ t: Double, freedom: Int) -> Double {
    let angle = CorrectlyRounded.atan(t / Double(freedom).squareRoot())
    let (sine, cosine) = (CorrectlyRounded.sin(angle), CorrectlyRounded.cos(angle))
    let square = cosine * cosine
    let isOdd = !freedom.isMultiple(of: 2)
    if freedom == 1 { return 2 * angle / .pi }
    var term = isOdd ? cosine : 1
    var sum = term
    for k in stride(from: isOdd ? 3 : 2, through: freedom - 2, by: 2) {
      term *= square * Double(k - 1) / Double(k)
      sum += term
    }
    return isOdd ? 2 / .pi * (angle + sine * sum) : sine * sum
  }
}
