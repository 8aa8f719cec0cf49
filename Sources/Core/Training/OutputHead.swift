import Numerics

/// The meaning of a model's outputs for a network: the latency and its uncertainty. All outputs are in the scaled
/// target's unit.
public enum OutputHead: Codable, Hashable, Sendable {
  /// One output, the prediction, without an estimate of the uncertainty.
  case value
  /// Two outputs: the mean of a normal distribution, and the logarithm of its variance.
  case gaussian
  /// Three outputs: the median, a lower and an upper quantile.
  case quantiles(lower: Double, upper: Double)

  /// The number of outputs.
  public var count: Int {
    switch self {
    case .value: 1
    case .gaussian: 2
    case .quantiles: 3
    }
  }

  /// The latency for the outputs of one sample.
  ///
  /// The spread is the standard deviation `d` in the scaled unit, converted to a fraction of the latency: `factor d`
  /// for targets scaled by their logarithm, `factor d / latency` for others. For quantiles, `d` is that of the normal
  /// distribution with the same distance between its quantiles.
  public func estimate(_ outputs: some Collection<Float>, scale: TargetScale) -> LatencyEstimate {
    let values = outputs.map { Double($0) }
    let latency = scale.unscaled(values.first ?? .nan)
    guard let deviation = deviation(values) else { return LatencyEstimate(latency: latency) }
    let unscaled = deviation * scale.factor
    return LatencyEstimate(
      latency: latency, spread: scale.scaling == .logarithmic ? unscaled : unscaled / abs(latency))
  }

  /// One estimate for each sample; `outputs` is ordered sample by sample.
  public func estimates(_ outputs: [Float], scale: TargetScale) -> [LatencyEstimate] {
    if self == .value { return outputs.map { LatencyEstimate(latency: scale.unscaled(Double($0))) } }
    return stride(from: 0, to: outputs.count, by: count).map { first in
      estimate(outputs[first..<min(first + count, outputs.count)], scale: scale)
    }
  }

  private func deviation(_ values: [Double]) -> Double? {
    guard values.count == count else { return nil }
    switch self {
    case .value: return nil
    case .gaussian: return CorrectlyRounded.exp(values[1] / 2)
    case .quantiles(let lower, let upper):
      // The quantiles of a model may cross.
      return abs(values[2] - values[1]) / (Self.normalQuantile(upper) - Self.normalQuantile(lower))
    }
  }

  /// The quantile of the standard normal distribution for the probability `share`, by bisection.
  static func normalQuantile(_ share: Double) -> Double {
    var (low, high) = (-6.0, 6.0)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if normalShare(middle) < share { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// The distribution function of the standard normal distribution, by the series `1/2 + exp(-x^2 / 2) / sqrt(2 pi)
  /// (x + x^3 / 3 + x^5 / (3 * 5) + ...)` (Abramowitz and Stegun, 26.2.11).
  private static func normalShare(_ value: Double) -> Double {
    var (term, sum) = (value, value)
    for step in 1..<200 {
      term *= value * value / Double(2 * step + 1)
      sum += term
    }
    return 0.5 + sum * CorrectlyRounded.exp(-value * value / 2) / (2 * Double.pi).squareRoot()
  }
}
