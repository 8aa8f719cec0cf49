/// The loss that training minimises: a function of the scaled prediction `p` and the scaled target `t`, averaged over
/// a batch.
///
/// Some losses need several outputs of the model, which its `outputHead` then reads. `rankingHinge` compares
/// predictions with each other.
public enum Loss: Codable, Hashable, Sendable {
  /// `|p - t|`, also called L1.
  case absolute
  /// `(p - t)^2`, whose mean is the MSE.
  case squared
  /// Huber's loss: `(p - t)^2 / 2` up to the threshold `d`, `d (|p - t| - d / 2)` beyond (Huber, 1964).
  case huber(threshold: Double = 1)
  /// `|P - T| / T` of the unscaled prediction and target, whose mean is the MAPE. Targets must be above 0.
  case relative
  /// Squared for small relative errors and absolute for large ones, so that outliers among the measurements have a
  /// limited influence: `r^2 / (2 d)` up to the threshold `d`, `|r| - d / 2` beyond. `r` is `log(P / T)` of the
  /// unscaled prediction and target if targets are scaled by their logarithm, else `(P - T) / T`. Targets must be
  /// above 0.
  case relativeHuber(threshold: Double = 0.03)
  /// `q (t - p)` if the prediction is too low, `(1 - q) (p - t)` if it is too high. It is least for the quantile `q`
  /// of the targets, above 0 and below 1 (Koenker and Bassett, 1978).
  case quantile(Double)
  /// The sum of the `quantile` losses of the median, a lower and an upper quantile, with three outputs. The
  /// prediction is the median, and the distance between the other two estimates the uncertainty.
  case quantiles(lower: Double = 0.1, upper: Double = 0.9)
  /// The negative log likelihood of a normal distribution, without its constant, with two outputs, its mean `m` and
  /// the logarithm of its variance `s`: `(s + (t - m)^2 exp(-s)) / 2`. The prediction is the mean, and the variance
  /// estimates the uncertainty (Nix and Weigend, 1994).
  case gaussian
  /// `(1 - w) |p - t|` plus `w` times the mean of `max(0, margin - (p_i - p_j))` over all pairs of the batch with
  /// `t_i > t_j`, for predictors that should rank networks (pairwise hinge; Herbrich, Graepel and Obermayer, 2000).
  /// `margin` is in the scaled target's unit. With the share `w = 1` only the order counts, and predictions are not
  /// latencies.
  case rankingHinge(margin: Double = 0.1, share: Double = 0.5)

  /// The meaning of the outputs of a model with this loss.
  public var outputHead: OutputHead {
    switch self {
    case .absolute, .squared, .huber, .relative, .relativeHuber, .quantile, .rankingHinge: .value
    case .quantiles(let lower, let upper): .quantiles(lower: lower, upper: upper)
    case .gaussian: .gaussian
    }
  }

  /// The loss of one prediction and its derivative by `prediction`. For a loss with several outputs it is the loss of
  /// the first output with variance 1, for a loss of pairs the part that depends on single predictions.
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
      // Both forms of r are linear in the scaled difference.
      let slope = scale.scaling == .logarithmic ? scale.factor : scale.factor / scale.unscaled(target)
      let relative = difference * slope
      let loss = Self.relativeHuber(relative, threshold: threshold)
      return (loss.value, loss.derivative * slope)
    case .quantile(let quantile):
      return Self.pinball(difference, quantile)
    case .quantiles:
      return Self.pinball(difference, 0.5)
    case .gaussian:
      return (difference * difference / 2, difference)
    case .rankingHinge(_, let share):
      return ((1 - share) * abs(difference), (1 - share) * (difference.isNaN ? .nan : sign))
    }
  }

  /// The function of a relative error r whose mean is the `relativeHuber` loss, and its derivative by r.
  static func relativeHuber(_ error: Double, threshold: Double) -> (value: Double, derivative: Double) {
    abs(error) <= threshold
      ? (error * error / (2 * threshold), error / threshold)
      : (abs(error) - threshold / 2, error > 0 ? 1 : error < 0 ? -1 : 0)
  }

  /// The pinball function of `difference = p - t`, and its derivative by p.
  static func pinball(_ difference: Double, _ quantile: Double) -> (value: Double, derivative: Double) {
    if difference < 0 { return (-quantile * difference, -quantile) }
    // At 0 the derivative is 0, and NaN stays NaN.
    return ((1 - quantile) * difference, difference > 0 ? 1 - quantile : difference)
  }

  private var isRelative: Bool {
    switch self {
    case .relative, .relativeHuber: true
    default: false
    }
  }

  func validate(targets: some Sequence<Double>) throws {
    switch self {
    case .huber(let threshold) where !(threshold > 0), .relativeHuber(let threshold) where !(threshold > 0):
      throw InputError("the Huber loss can't have the threshold \(threshold)", remedy: "Use a number above 0.")
    case .quantile(let quantile) where !(quantile > 0 && quantile < 1):
      throw InputError("\(quantile) is not a quantile", remedy: "Use a share above 0 and below 1, such as 0.9.")
    case .quantiles(let lower, let upper) where !(lower > 0 && lower < 0.5 && upper > 0.5 && upper < 1):
      throw InputError(
        "the quantiles \(lower) and \(upper) are not below and above the median",
        remedy: "Use a lower one above 0 and below 0.5, and an upper one above 0.5 and below 1.")
    case .rankingHinge(let margin, let share) where !(margin > 0 && margin.isFinite && share > 0 && share <= 1):
      throw InputError(
        "pairs can't be ranked with the margin \(margin) and the share \(share)",
        remedy: "Use a margin above 0, and a share above 0, up to 1.")
    default: break
    }
    if isRelative, let target = targets.first(where: { !($0 > 0) }) {
      throw InputError(
        "the relative loss can't be taken of the target \(target)",
        remedy: "Remove samples that are not above 0, or use the absolute loss.")
    }
  }
}
