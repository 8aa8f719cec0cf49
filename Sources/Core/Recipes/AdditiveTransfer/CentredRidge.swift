import Numerics

/// Ridge regression of centred columns, all with the same penalty: b and c minimise
///
///     sum of (c + (x - mean x) b - y)^2 + penalty |b|^2
enum CentredRidge {
  /// - Throws: `InputError` when the equations can't be solved in double precision.
  static func fit(_ rows: [[Double]], _ targets: [Double], penalty: Double) throws -> AdditiveFunction {
    let means = self.means(rows)
    let mean = targets.reduce(0, +) / Double(targets.count)
    let width = means.count
    let centred = rows.flatMap { row in zip(row, means).map { $0 - $1 } }
    var normal = NormalEquations.products(centred, width: width)
    for column in 0..<width { normal[column * width + column] += penalty }
    guard let decomposition = Cholesky(normal, size: width) else { throw unstable }
    let prices = decomposition.solve(NormalEquations.products(centred, width: width, with: targets.map { $0 - mean }))
    return AdditiveFunction(intercept: zip(means, prices).reduce(mean) { $0 - $1.0 * $1.1 }, prices: prices)
  }

  /// Chooses the penalty with the best leave-one-out predictions, and also returns the errors of these predictions.
  /// The equations are solved in the dual form, because there are few samples.
  ///
  /// With K the products of the centred rows, I the identity, n the number of samples, f = (K + penalty I)^-1 (y - mean
  /// y) and d the diagonal of (K + penalty I)^-1, the error of sample i is f[i] / (d[i] - 1 / (n penalty)). The second
  /// term is the part of the intercept, which each sample helps to determine.
  static func choose(
    _ rows: [[Double]], _ targets: [Double], penalties: [Double]
  ) throws -> (function: AdditiveFunction, errors: [Double]) {
    let means = self.means(rows)
    let mean = targets.reduce(0, +) / Double(targets.count)
    let centred = rows.map { row in zip(row, means).map { $0 - $1 } }
    let count = targets.count
    let rest = targets.map { $0 - mean }
    var products = [Double](repeating: 0, count: count * count)
    for row in 0..<count {
      for column in 0...row {
        let product = zip(centred[row], centred[column]).reduce(0) { $0 + $1.0 * $1.1 }
        products[row * count + column] = product
        products[column * count + row] = product
      }
    }
    var best: (loss: Double, factors: [Double], errors: [Double])?
    for penalty in penalties {
      var matrix = products
      for row in 0..<count { matrix[row * count + row] += penalty }
      guard let decomposition = Cholesky(matrix, size: count) else { continue }
      let factors = decomposition.solve(rest)
      var errors: [Double] = []
      for sample in 0..<count {
        var unit = [Double](repeating: 0, count: count)
        unit[sample] = 1
        // A single sample is the intercept itself, and has no error.
        let share = count > 1 ? decomposition.solve(unit)[sample] - 1 / (Double(count) * penalty) : 1
        errors.append(factors[sample] / share)
      }
      let loss = errors.reduce(0) { $0 + $1 * $1 }
      if loss < best?.loss ?? .infinity { best = (loss, factors, errors) }
    }
    guard let best else { throw unstable }
    let prices = means.indices.map { column in
      (0..<count).reduce(0) { $0 + centred[$1][column] * best.factors[$1] }
    }
    let function = AdditiveFunction(intercept: zip(means, prices).reduce(mean) { $0 - $1.0 * $1.1 }, prices: prices)
    return (function, best.errors)
  }

  private static func means(_ rows: [[Double]]) -> [Double] {
    (0..<(rows.first?.count ?? 0)).map { column in rows.reduce(0) { $0 + $1[column] } / Double(rows.count) }
  }

  private static let unstable = InputError(
    "the regression has no stable solution", remedy: "Leave out duplicate networks.")
}
