import Numerics

/// How much each of several predictors counts in their weighted mean (stacked regressions: Breiman, 1996).
enum StackingWeights {
  /// The weights w, none below 0 and 1 in all, that make
  ///
  ///     mean over samples of huber(sum over predictors k of w[k] e[k]) + pull / 2 * sum over k of (w[k] - 1 / count)^2
  ///
  /// least, where e are relative errors on samples that the predictors were not trained on, and huber(r) is r^2 / (2 d)
  /// up to the threshold d, |r| - d / 2 beyond: what `Loss.relativeHuber` makes small. The second part decides between
  /// predictors that are as good as each other, in favour of their mean; `pull` is a tenth of what the first is for the
  /// best of them alone.
  ///
  /// - Parameter errors: For each predictor, (p - y) / y of every sample, finite; at least one of both.
  static func fitting(_ errors: [[Double]]) -> [Double] {
    let count = errors.count
    let samples = errors[0].count
    let losses = errors.map { $0.reduce(0) { $0 + Loss.relativeHuber($1, threshold: threshold).value } }
    let pull = share * losses.reduce(.infinity) { min($0, $1 / Double(samples)) }
    // Both parts are convex, and their slope changes at most so fast: steps of the inverse never go too far.
    let squares = errors.reduce(0) { $1.reduce($0) { $0 + $1 * $1 } }
    let step = 1 / max(squares / (Double(samples) * threshold) + pull, .leastNormalMagnitude)
    var weights = [Double](repeating: 1 / Double(count), count: count)
    for _ in 0..<mostSteps {
      var slopes = weights.map { pull * ($0 - 1 / Double(count)) }
      for sample in 0..<samples {
        var error = 0.0
        for kind in 0..<count { error += weights[kind] * errors[kind][sample] }
        let pressure = Loss.relativeHuber(error, threshold: threshold).derivative / Double(samples)
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
  private static let share = 0.1
  private static let mostSteps = 10_000

  /// The point none of whose coordinates is below 0 and which sum up to 1 that is nearest to `point` (Duchi and others,
  /// 2008).
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
