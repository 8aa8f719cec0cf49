import Numerics

/// The weights of several predictors in their weighted mean (stacked regressions: Breiman, 1996).
enum StackingWeights {
  /// The weights w, all at least 0 and with sum 1 (points of the simplex), that minimise
  ///
  ///     mean over samples of huber(sum over predictors k of w[k] e[k]) + pull / 2 * sum over k of (w[k] - 1 / count)^2
  ///
  /// Here e are relative errors on samples that the predictors were not trained on, and huber(r) is r^2 / (2 d) up to
  /// the threshold d and |r| - d / 2 beyond it, as in `Loss.relativeHuber`. The second term is a regulariser that
  /// favours the mean of equally good predictors; `pull` is a tenth of the first term of the best single predictor.
  ///
  /// - Parameter errors: For each predictor the relative error (p - y) / y of every sample, finite. There must be at
  ///   least one predictor and one sample.
  static func fitting(_ errors: [[Double]]) -> [Double] {
    let equal = [Double](repeating: 1 / Double(errors.count), count: errors.count)
    return descend(errors, from: equal, curvature: 1 / threshold) {
      Loss.relativeHuber($0, threshold: threshold)
    }
  }

  /// The same with the bounded loss r^2 / (r^2 + c^2) in place of Huber's (Geman and McClure, 1987), c = 5 %. An error
  /// of 20 % counts hardly less than one of 40 %, so that the weights suit the samples that can be predicted.
  ///
  /// The loss is not convex. The descent begins at Huber's weights and at each predictor alone, and the best result
  /// is taken.
  static func fittingBounded(_ errors: [[Double]]) -> [Double] {
    func loss(_ error: Double) -> (value: Double, derivative: Double) {
      let sum = error * error + bound * bound
      return (error * error / sum, 2 * error * bound * bound / (sum * sum))
    }
    let corners = errors.indices.map { corner in errors.indices.map { $0 == corner ? 1.0 : 0 } }
    var best = (weights: errors.map { _ in 1 / Double(errors.count) }, loss: Double.infinity)
    for start in [fitting(errors)] + corners {
      let weights = descend(errors, from: start, curvature: 2 / (bound * bound), loss)
      let total = errors[0].indices.reduce(0) { sum, sample in
        sum + loss(errors.indices.reduce(0) { $0 + weights[$1] * errors[$1][sample] }).value
      }
      if total < best.loss { best = (weights, total) }
    }
    return best.weights
  }

  /// Projected gradient descent. All terms have a bounded second derivative, whose inverse is a safe step size.
  ///
  /// - Parameter curvature: The greatest second derivative of `loss`.
  private static func descend(
    _ errors: [[Double]], from start: [Double], curvature: Double,
    _ loss: (Double) -> (value: Double, derivative: Double)
  ) -> [Double] {
    let count = errors.count
    let samples = errors[0].count
    let losses = errors.map { $0.reduce(0) { $0 + loss($1).value } }
    let pull = share * losses.reduce(.infinity) { min($0, $1 / Double(samples)) }
    let squares = errors.reduce(0) { $1.reduce($0) { $0 + $1 * $1 } }
    let step = 1 / max(squares / Double(samples) * curvature + pull, .leastNormalMagnitude)
    var weights = start
    for _ in 0..<mostSteps {
      var slopes = weights.map { pull * ($0 - 1 / Double(count)) }
      for sample in 0..<samples {
        var error = 0.0
        for kind in 0..<count { error += weights[kind] * errors[kind][sample] }
        let pressure = loss(error).derivative / Double(samples)
        for kind in 0..<count { slopes[kind] += pressure * errors[kind][sample] }
      }
      let next = nearestOnSimplex(zip(weights, slopes).map { $0 - step * $1 })
      let change = zip(next, weights).reduce(0) { max($0, abs($1.0 - $1.1)) }
      weights = next
      if change < 1e-10 { break }
    }
    return weights
  }

  private static let threshold = 0.03
  private static let bound = 0.05
  private static let share = 0.1
  private static let mostSteps = 10_000

  /// The projection onto the simplex: the nearest point to `point` whose coordinates are at least 0 and sum to 1
  /// (Duchi and others, 2008).
  static func nearestOnSimplex(_ point: [Double]) -> [Double] {
    var sum = 0.0
    var shift = 0.0
    for (index, value) in point.sorted(by: >).enumerated() {
      sum += value
      let candidate = (sum - 1) / Double(index + 1)
      if value > candidate { shift = candidate }
    }
    return point.map { max($0 - shift, 0) }
  }
}
