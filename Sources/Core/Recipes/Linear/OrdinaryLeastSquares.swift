import Numerics

/// Ordinary least squares on a table, with the statistics of each coefficient.
///
/// With X the n rows of k columns and a column of ones, b = (X'X)^-1 X'y; s^2 is the residuals' sum of squares over
/// (n - k - 1); the standard error of b_j is s times the square root of the j-th diagonal element of (X'X)^-1, and t_j
/// is b_j over it.
///
/// ```swift
/// let fit = try OrdinaryLeastSquares(names: ["blocks", "kernel"], rows: rows, targets: latencies)
/// for effect in fit.effects { print(effect.name, effect.coefficient, effect.t) }
/// print(fit.determination)
/// ```
public struct OrdinaryLeastSquares: Codable, Hashable, Sendable {
  /// The effect of one column.
  public struct Effect: Codable, Hashable, Sendable {
    public var name: String
    /// The effect of one unit of the column.
    public var coefficient: Double
    public var standardError: Double
    /// The coefficient divided by its standard error. It is 0 if the standard error is 0, or too small for the
    /// quotient to be finite: the residuals of an exact fit don't tell how certain a coefficient is.
    public var t: Double
    /// The coefficient times the column's standard deviation: the size of the column's effect in this data.
    public var standardized: Double

    fileprivate init(_ name: String, coefficient: Double, standardError: Double, standardized: Double) {
      self.name = name
      self.coefficient = coefficient
      self.standardError = standardError
      let t = coefficient / standardError
      self.t = t.isFinite ? t : 0
      self.standardized = standardized
    }
  }

  public let intercept: Effect
  /// The effects, in the order of the columns, without columns that depend linearly on earlier ones.
  public let effects: [Effect]
  /// The names of the columns that depend linearly on earlier ones.
  public let dependent: [String]
  /// R^2: the fraction of the targets' variance that the fit explains; 1 if all targets are equal.
  public let determination: Double
  /// The residual standard deviation s, in the unit of the targets.
  public let residualDeviation: Double
  private let columns: [Int]

  /// - Parameters:
  ///   - names: The names of the columns.
  ///   - rows: The rows, each with one value for each name.
  /// - Throws: `InputError` when counts don't match, or there are too few rows for the independent columns.
  public init(names: [String], rows: [[Double]], targets: [Double]) throws {
    guard rows.count == targets.count, rows.allSatisfy({ $0.count == names.count }) else {
      throw InputError("the rows don't have a value for each of \(names.count) columns and a target each")
    }
    let count = Double(max(rows.count, 1))
    let means = names.indices.map { column in rows.reduce(0) { $0 + $1[column] } / count }
    let deviations = names.indices.map { column in
      (rows.reduce(0) { $0 + ($1[column] - means[column]) * ($1[column] - means[column]) } / count).squareRoot()
    }
    // Columns of norm 1 are made orthogonal to the earlier ones. Only rounding errors are left of a dependent column.
    var kept: [Int] = []
    var directions: [[Double]] = []
    for column in names.indices where deviations[column] > 1e-12 * abs(means[column]) {
      var rest = rows.map { ($0[column] - means[column]) / (deviations[column] * count.squareRoot()) }
      for _ in 0..<2 {
        for direction in directions {
          let share = zip(rest, direction).reduce(0) { $0 + $1.0 * $1.1 }
          for row in rest.indices { rest[row] -= share * direction[row] }
        }
      }
      let length = rest.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard length > 1e-7 else { continue }
      kept.append(column)
      directions.append(rest.map { $0 / length })
    }
    let freedom = rows.count - kept.count - 1
    guard freedom >= 1 else {
      throw InputError(
        "\(rows.count) rows are too few for \(kept.count) columns and an intercept",
        remedy: "Use more rows, or fewer columns.")
    }
    let width = kept.count + 1
    let scaled = rows.flatMap { row -> [Double] in
      kept.map { (row[$0] - means[$0]) / deviations[$0] } + [1]
    }
    guard let decomposition = Cholesky(NormalEquations.products(scaled, width: width), size: width) else {
      throw InputError("the columns depend on each other", remedy: "Leave out some of them.")
    }
    let solution = decomposition.solve(NormalEquations.products(scaled, width: width, with: targets))
    let mean = targets.reduce(0, +) / count
    var squares = 0.0
    var total = 0.0
    for (row, target) in targets.enumerated() {
      var value = 0.0
      for column in 0..<width { value += scaled[row * width + column] * solution[column] }
      squares += (target - value) * (target - value)
      total += (target - mean) * (target - mean)
    }
    let deviation = (squares / Double(freedom)).squareRoot()
    // The inverse of X'X, column by column.
    let inverse = (0..<width).map { column in
      var unit = [Double](repeating: 0, count: width)
      unit[column] = 1
      return decomposition.solve(unit)
    }
    effects = kept.enumerated().map { place, column in
      let coefficient = solution[place] / deviations[column]
      let error = deviation * max(inverse[place][place], 0).squareRoot() / deviations[column]
      return Effect(
        names[column], coefficient: coefficient, standardError: error, standardized: solution[place])
    }
    // The intercept is the prediction where all columns are 0.
    let shift: [Double] = kept.map { -means[$0] / deviations[$0] } + [1]
    let constant = zip(shift, solution).reduce(0) { $0 + $1.0 * $1.1 }
    var variance = 0.0
    for row in 0..<width {
      for column in 0..<width { variance += shift[row] * inverse[row][column] * shift[column] }
    }
    intercept = Effect(
      "intercept", coefficient: constant, standardError: deviation * max(variance, 0).squareRoot(), standardized: 0)
    dependent = names.indices.filter { !kept.contains($0) }.map { names[$0] }
    // The mean of equal targets can be rounded, so that their sum of squares isn't exactly 0.
    let isConstant = targets.allSatisfy { $0 == targets[0] }
    determination = total > 0 && !isConstant ? 1 - squares / total : 1
    residualDeviation = deviation
    columns = kept
  }

  /// The predicted targets of rows with the same columns.
  public func predict(_ rows: [[Double]]) -> [Double] {
    rows.map { row in
      zip(columns, effects).reduce(intercept.coefficient) { $0 + row[$1.0] * $1.1.coefficient }
    }
  }

  /// Whether the regression has coefficients for rows of this many numbers.
  func reads(_ width: Int) -> Bool {
    columns.count == effects.count && columns.allSatisfy { 0..<width ~= $0 }
  }

  /// The predictions for each row by fits that didn't use its fold, `repeats` times with other folds.
  ///
  /// - Returns: For each repeat the predictions in the rows' order.
  /// - Throws: `InputError` like the initializer.
  public static func crossValidated(
    names: [String], rows: [[Double]], targets: [Double], folds: Int = 10, repeats: Int = 5,
    seed: UInt64 = TrainingContext.current.seed
  ) throws -> [[Double]] {
    guard folds >= 2, folds <= rows.count, repeats >= 1 else {
      throw InputError("\(rows.count) rows can't be cut into \(folds) folds, \(repeats) times")
    }
    return try (0..<repeats).map { number in
      var random = SeededGenerator(seed: seed &+ UInt64(number))
      let order = rows.indices.shuffled(using: &random)
      var predictions = [Double](repeating: 0, count: rows.count)
      for fold in 0..<folds {
        let range = fold * order.count / folds..<(fold + 1) * order.count / folds
        let rest = order[..<range.lowerBound] + order[range.upperBound...]
        let fit = try OrdinaryLeastSquares(
          names: names, rows: rest.map { rows[$0] }, targets: rest.map { targets[$0] })
        for (index, value) in zip(order[range], fit.predict(order[range].map { rows[$0] })) {
          predictions[index] = value
        }
      }
      return predictions
    }
  }
}
