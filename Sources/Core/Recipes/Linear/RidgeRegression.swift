internal import COpenBLAS

/// Weighted ridge regression: the coefficients b and the intercept c that minimise
///
///     (sum of w (x b + c - y)^2) / n + penalty * sum of (d b)^2
///
/// with d the deviation of each column. Columns that are constant are left out.
struct RidgeRegression {
  /// Those of the given columns that vary.
  let columns: [Int]
  /// One for each of `columns`.
  let coefficients: [Double]
  let intercept: Double

  /// - Parameters:
  ///   - rows: N rows of as many columns each.
  ///   - targets: Y, n of them.
  ///   - weights: W, n of them, positive.
  ///   - penalty: Positive, so that there is one solution even when columns depend on each other.
  /// - Throws: `InputError` when the equations can't be solved in double precision.
  init(rows: [[Double]], targets: [Double], weights: [Double], penalty: Double) throws {
    let count = Double(rows.count)
    let statistics = (0..<(rows.first?.count ?? 0)).map { column in
      let mean = rows.reduce(0) { $0 + $1[column] } / count
      let variance = rows.reduce(0) { $0 + ($1[column] - mean) * ($1[column] - mean) } / count
      return (mean: mean, deviation: variance.squareRoot())
    }
    columns = statistics.indices.filter { statistics[$0].deviation > 1e-12 * abs(statistics[$0].mean) }
    // The last column is the intercept's.
    let width = columns.count + 1
    var scaled: [Double] = []
    for (row, weight) in zip(rows, weights) {
      let root = weight.squareRoot()
      for column in columns {
        scaled.append(root * (row[column] - statistics[column].mean) / statistics[column].deviation)
      }
      scaled.append(root)
    }
    var normal = [Double](repeating: 0, count: width * width)
    let openBLAS = openblas_load().pointee
    openBLAS.dsyrk(
      CblasRowMajor, CblasLower, CblasTrans, blasint(width), blasint(rows.count), 1, scaled, blasint(width), 0,
      &normal, blasint(width))
    for column in 0..<columns.count { normal[column * width + column] += penalty * count }
    var solution = [Double](repeating: 0, count: width)
    let scaledTargets = zip(targets, weights).map { $0 * $1.squareRoot() }
    openBLAS.dgemv(
      CblasRowMajor, CblasTrans, blasint(rows.count), blasint(width), 1, scaled, blasint(width), scaledTargets, 1,
      0, &solution, 1)
    try Self.solve(&normal, &solution)

    coefficients = zip(columns, solution).map { $1 / statistics[$0].deviation }
    intercept = zip(columns, coefficients).reduce(solution[width - 1]) { $0 - statistics[$1.0].mean * $1.1 }
  }

  /// Solves A x = b by Cholesky's decomposition; x takes the place of b, the factor that of A's lower triangle.
  private static func solve(_ matrix: inout [Double], _ vector: inout [Double]) throws {
    let size = vector.count
    for row in 0..<size {
      for column in 0...row {
        var rest = matrix[row * size + column]
        for inner in 0..<column { rest -= matrix[row * size + inner] * matrix[column * size + inner] }
        if column < row {
          matrix[row * size + column] = rest / matrix[column * size + column]
        } else if rest > 0 {
          matrix[row * size + row] = rest.squareRoot()
        } else {
          throw InputError(
            "the regression has no stable solution", remedy: "Use a larger penalty, or more samples than terms.")
        }
      }
    }
    let solve = openblas_load().pointee.dtrsv
    solve(
      CblasRowMajor, CblasLower, CblasNoTrans, CblasNonUnit, blasint(size), matrix, blasint(size), &vector, 1)
    solve(CblasRowMajor, CblasLower, CblasTrans, CblasNonUnit, blasint(size), matrix, blasint(size), &vector, 1)
  }
}
