internal import Basics
import Numerics

/// Weighted ridge regression: the coefficients b and the intercept c that minimise
///
///     (sum of w (x b + c - y)^2) / n + penalty * sum of (d b)^2
///
/// where d is the standard deviation of each column. Constant columns are left out.
struct RidgeRegression {
  /// The indices of the given columns that vary.
  let columns: [Int]
  /// The coefficient of each of `columns`.
  let coefficients: [Double]
  let intercept: Double

  /// - Parameters:
  ///   - rows: The n rows, all with the same number of columns.
  ///   - targets: The n targets y.
  ///   - weights: The n weights w, all positive.
  ///   - penalty: The penalty, which is positive, so that the solution is unique even if columns are linearly
  ///     dependent.
  /// - Throws: `InputError` when the equations can't be solved in double precision.
  init(rows: [[Double]], targets: [Double], weights: [Double], penalty: Double) throws {
    let count = Double(rows.count)
    let statistics = (0..<(rows.first?.count ?? 0)).map { column in
      let mean = rows.reduce(0) { $0 + $1[column] } / count
      let variance = rows.reduce(0) { $0 + ($1[column] - mean) * ($1[column] - mean) } / count
      return (mean: mean, deviation: variance.squareRoot())
    }
    columns = statistics.indices.filter { statistics[$0].deviation > 1e-12 * abs(statistics[$0].mean) }
    // The last column belongs to the intercept.
    let width = columns.count + 1
    var scaled: [Double] = []
    for (row, weight) in zip(rows, weights) {
      let root = weight.squareRoot()
      for column in columns {
        scaled.append(root * (row[column] - statistics[column].mean) / statistics[column].deviation)
      }
      scaled.append(root)
    }
    var normal = NormalEquations.products(scaled, width: width)
    for column in 0..<columns.count { normal[column * width + column] += penalty * count }
    let scaledTargets = zip(targets, weights).map { $0 * $1.squareRoot() }
    guard let decomposition = Cholesky(normal, size: width) else {
      throw InputError(
        "the regression has no stable solution", remedy: "Use a larger penalty, or more samples than terms.")
    }
    let solution = decomposition.solve(NormalEquations.products(scaled, width: width, with: scaledTargets))

    coefficients = zip(columns, solution).map { $1 / statistics[$0].deviation }
    intercept = zip(columns, coefficients).reduce(solution[width - 1]) { $0 - statistics[$1.0].mean * $1.1 }
  }
}

extension RidgeRegression {
  /// Minimises relative errors: (sum of ((x b + c - y) / s)^2) / n + penalty * sum of (d b / m)^2, with the median m of
  /// the scales s. So the penalty means the same in every unit and on fast and slow devices.
  ///
  /// - Parameter scales: What the errors are relative to, such as the latencies; all positive.
  init(rows: [[Double]], targets: [Double], relativeTo scales: [Double], penalty: Double) throws {
    try self.init(rows: rows, targets: targets, weights: Self.weights(relativeTo: scales), penalty: penalty)
  }

  /// The weights of samples whose errors are relative to `scales`. Their median is about 1.
  static func weights(relativeTo scales: [Double]) -> [Double] {
    let median = scales.median ?? 1
    return scales.map { (median / $0) * (median / $0) }
  }
}
