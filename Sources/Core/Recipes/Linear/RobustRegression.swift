import Numerics

/// Ridge regression that gross outliers don't swing: Huber's loss by iteratively reweighted least squares.
///
/// With r_i the weighted residuals and s = 1.4826 times the median of their absolute values, a sample counts in full
/// up to |r_i| = t s and beyond by t s / |r_i| (Huber, 1964; t = 1.345 keeps 95 % of the efficiency where errors are
/// normal).
enum RobustRegression {
  /// - Parameters:
  ///   - threshold: t, positive.
  /// - Throws: `InputError` as `RidgeRegression`.
  static func fit(
    rows: [[Double]], targets: [Double], weights: [Double], penalty: Double, threshold: Double
  ) throws -> RidgeRegression {
    var solution = try RidgeRegression(rows: rows, targets: targets, weights: weights, penalty: penalty)
    for _ in 0..<mostSteps {
      let residuals = rows.indices.map { row in
        let value = zip(solution.columns, solution.coefficients).reduce(solution.intercept) {
          $0 + rows[row][$1.0] * $1.1
        }
        return (value - targets[row]) * weights[row].squareRoot()
      }
      let scale = 1.4826 * median(residuals.map(abs))
      guard scale > 0 else { break }
      let reweighted = zip(weights, residuals).map { weight, residual in
        abs(residual) <= threshold * scale ? weight : weight * threshold * scale / abs(residual)
      }
      let next = try RidgeRegression(rows: rows, targets: targets, weights: reweighted, penalty: penalty)
      let change = zip(next.coefficients, solution.coefficients).reduce(abs(next.intercept - solution.intercept)) {
        max($0, abs($1.0 - $1.1) / max(abs($1.0), 1e-300))
      }
      solution = next
      if change < 1e-9 { break }
    }
    return solution
  }

  private static let mostSteps = 50

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return 0 }
    return sorted.count % 2 == 1
      ? sorted[sorted.count / 2] : (sorted[sorted.count / 2 - 1] + sorted[sorted.count / 2]) / 2
  }
}
