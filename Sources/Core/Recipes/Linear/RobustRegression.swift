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
  /// The usual threshold.
  static let threshold = 1.345

  /// - Parameters:
  ///   - targets: The targets, which are positive.
  ///   - threshold: The threshold t, which is positive.
  /// - Throws: `InputError` like `RidgeRegression`.
  static func fit(
    rows: [[Double]], targets: [Double], penalty: Double, threshold: Double
  ) throws -> RidgeRegression {
    try fit(rows: rows, targets: targets, penalty: penalty, threshold: threshold) { predictions in
      zip(predictions, targets).map { max($0, $1) }
    }
  }

  /// The same with residuals r = (p - y) / s for given scales s, for targets y that may be negative.
  ///
  /// - Parameter scales: What the errors are relative to, such as the latencies; all positive.
  static func fit(
    rows: [[Double]], targets: [Double], relativeTo scales: [Double], penalty: Double
  ) throws -> RidgeRegression {
    try fit(rows: rows, targets: targets, penalty: penalty, threshold: threshold) { _ in scales }
  }

  private static func fit(
    rows: [[Double]], targets: [Double], penalty: Double, threshold: Double,
    scalesOf: (_ predictions: [Double]) -> [Double]
  ) throws -> RidgeRegression {
    var solution = try RidgeRegression(
      rows: rows, targets: targets, relativeTo: scalesOf(targets), penalty: penalty)
    var last = [Double](repeating: 0, count: rows.count)
    let size = targets.reduce(0) { max($0, abs($1)) }
    for _ in 0..<mostSteps {
      let predictions = rows.map { row in
        zip(solution.columns, solution.coefficients).reduce(solution.intercept) { $0 + row[$1.0] * $1.1 }
      }
      let scales = scalesOf(predictions)
      let residuals = rows.indices.map { abs(predictions[$0] - targets[$0]) / scales[$0] }
      let change = zip(predictions, last).reduce(0) { max($0, abs($1.0 - $1.1)) }
      guard change > 1e-9 * size, let factors = factors(of: residuals, threshold: threshold) else { break }
      last = predictions
      let weights = zip(RidgeRegression.weights(relativeTo: scales), factors).map { $0 * $1 }
      solution = try RidgeRegression(rows: rows, targets: targets, weights: weights, penalty: penalty)
    }
    return solution
  }

  /// The factors of the samples' weights by their residuals |r|; nil if the median residual is 0.
  static func factors(of residuals: [Double], threshold: Double = threshold) -> [Double]? {
    guard let limit = limit(of: residuals, threshold: threshold) else { return nil }
    return residuals.map { $0 <= limit ? 1 : limit / $0 }
  }

  /// The residual t s beyond which a sample counts less; nil if the median residual is 0.
  static func limit(of residuals: [Double], threshold: Double = threshold) -> Double? {
    residuals.median.flatMap { $0 > 0 ? threshold * 1.4826 * $0 : nil }
  }

  private static let mostSteps = 50
}
