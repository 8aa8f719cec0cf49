/// What training makes small: a function of the scaled prediction `p` and the scaled target `t`, averaged over a batch.
public enum Loss: Codable, Hashable, Sendable {
  /// `|p - t|`, also called L1.
  case absolute
  /// `(p - t)^2`, whose mean is the MSE.
  case squared
  /// `(p - t)^2 / 2` up to the threshold `d`, `d (|p - t| - d / 2)` beyond (Huber, 1964).
  case huber(threshold: Double = 1)
  /// `|P - T| / T` of the unscaled prediction and target, whose mean is the MAPE. Targets must be above 0.
  case relative
  /// Squared for small relative errors and absolute for large ones, so that outliers among the measurements count no
  /// more than they must: `r^2 / (2 d)` up to the threshold `d`, `|r| - d / 2` beyond, where `r` is `log(P / T)` of the
  /// unscaled prediction and target if targets are scaled by their logarithm, else `(P - T) / T`. Targets must be above
  /// 0.
  case relativeHuber(threshold: Double = 0.03)

  /// The loss of one prediction and its derivative by `prediction`.
  func evaluate(prediction: Double, target: Double, scale: TargetScale) -> (value: Double, derivative: Double) {
    let difference = prediction - target
    let sign: Double = difference > 0 ? 1 : difference < 0 ? -1 : 0
    switch self {
    case .absolute:
      return (abs(difference), difference.isNaN ? .nan : sign)
    case .squared:
      return (difference * difference, 2 * difference)
    case .huber(let threshold):
      return abs(difference) <= threshold
        ? (difference * difference / 2, difference)
        : (threshold * (abs(difference) - threshold / 2), threshold * sign)
    case .relative:
      let measured = scale.unscaled(target)
      let relative = (scale.unscaled(prediction) - measured) / measured
      return (abs(relative), sign * scale.unscaledDerivative(prediction) / measured)
    case .relativeHuber(let threshold):
      // Both kinds of r are linear in the scaled difference.
      let slope = scale.scaling == .logarithmic ? scale.factor : scale.factor / scale.unscaled(target)
      let relative = difference * slope
      let loss = Self.relativeHuber(relative, threshold: threshold)
      return (loss.value, loss.derivative * slope)
    }
  }

  /// The function of a relative error r that `relativeHuber` is the mean of, and its derivative by r.
  static func relativeHuber(_ error: Double, threshold: Double) -> (value: Double, derivative: Double) {
    abs(error) <= threshold
      ? (error * error / (2 * threshold), error / threshold)
      : (abs(error) - threshold / 2, error > 0 ? 1 : error < 0 ? -1 : 0)
  }

  private var isRelative: Bool {
    switch self {
    case .relative, .relativeHuber: true
    case .absolute, .squared, .huber: false
    }
  }

  func validate(targets: some Sequence<Double>) throws {
    switch self {
    case .huber(let threshold) where !(threshold > 0), .relativeHuber(let threshold) where !(threshold > 0):
      throw InputError("the Huber loss can't have the threshold \(threshold)", remedy: "Use a number above 0.")
    default: break
    }
    if isRelative, let target = targets.first(where: { !($0 > 0) }) {
      throw InputError(
        "the relative loss can't be taken of the target \(target)",
        remedy: "Remove samples that are not above 0, or use the absolute loss.")
    }
  }
}
