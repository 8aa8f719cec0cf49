internal import Basics
import Numerics

/// Ridge regression of relative errors that is robust against outliers: Huber's loss by iteratively reweighted least
/// squares.
///
/// The residual of a sample with measured latency y and prediction p is r = (p - y) / max(p, y), so that a latency
/// measured ten times too short counts as much as one ten times too long. With s = 1.4826 times the median of |r|,
/// the weight of a sample is 1 up to |r| = t s and t s / |r| beyond (Huber, 1964; t = 1.345 keeps 95 % of the
/// efficiency for normal errors).
enum RobustRegression {
  /// - Parameters:
  ///   - targets: The targets, which are positive.
  ///   - threshold: The threshold t, which is positive.
  /// - Throws: `InputError` like `RidgeRegression`.
  static func fit(
    rows: [[Double]], targets: [Double], penalty: Double, threshold: Double
  ) throws -> RidgeRegression {
    var solution = try RidgeRegression(
      rows: rows, targets: targets, relativeTo: targets, penalty: penalty)
    var last = [Double](repeating: 0, count: rows.count)
    for _ in 0..<mostSteps {
      let predictions = rows.map { row in
        zip(solution.columns, solution.coefficients).reduce(solution.intercept) { $0 + row[$1.0] * $1.1 }
      }
      let scales = zip(predictions, targets).map { max($0, $1) }
      let residuals = rows.indices.map { abs(predictions[$0] - targets[$0]) / scales[$0] }
      let limit = threshold * 1.4826 * (residuals.median ?? 0)
      let change = zip(predictions, last).reduce(0) { max($0, abs($1.0 - $1.1)) }
      if change <= 1e-9 * (targets.max() ?? 0) || !(limit > 0) { break }
      last = predictions
      let weights = zip(RidgeRegression.weights(relativeTo: scales), residuals).map { weight, residual in
        residual <= limit ? weight : weight * limit / residual
      }
      solution = try RidgeRegression(rows: rows, targets: targets, weights: weights, penalty: penalty)
    }
    return solution
  }

  private static let mostSteps = 50
}
