extension Variable {
  /// The mean of `|x - target|`.
  ///
  /// - Parameter target: A matrix of the same shape, as for all losses.
  /// - Throws: `TapeError` when the shape differs.
  public func absoluteError(from target: Variable) throws -> Variable {
    try difference(from: target, "absoluteError").map(.absolute).mean()
  }

  /// The mean of `(x - target)^2`.
  public func squaredError(from target: Variable) throws -> Variable {
    try difference(from: target, "squaredError").map(.square).mean()
  }

  /// The mean of `d^2 / 2` up to `|d| = threshold` and `threshold (|d| - threshold / 2)` beyond, with `d = x -
  /// target` (Huber, 1964).
  public func huberError(from target: Variable, threshold: Double = 1) throws -> Variable {
    try difference(from: target, "huberError").map(.huber(threshold: threshold)).mean()
  }

  /// The mean of `|x - target| / |target|`. Targets must not be 0.
  public func relativeError(from target: Variable) throws -> Variable {
    try (difference(from: target, "relativeError") / target).map(.absolute).mean()
  }

  /// The mean of `q d` above 0 and `(q - 1) d` below, with `d = target - x`. It is least for the quantile `q` of the
  /// targets (Koenker and Bassett, 1978).
  public func quantileError(from target: Variable, quantile: Double) throws -> Variable {
    try target.difference(from: self, "quantileError").map(.pinball(quantile: quantile)).mean()
  }

  /// The negative log likelihood of a normal distribution, without its constant, averaged over the rows. The two
  /// columns are the mean `m` and the logarithm `s` of the variance:
  ///
  ///     (s + (target - m)^2 e^-s) / 2
  ///
  /// - Parameter target: A matrix with one column.
  public func gaussianNegativeLogLikelihood(of target: Variable) throws -> Variable {
    guard columns == 2 else {
      throw TapeError(
        "gaussianNegativeLogLikelihood", "the predictions are \(shape)", remedy: "Give two columns, mean and variance.")
    }
    let (mean, logVariance) = (try columns(0..<1), try columns(1..<2))
    let squares = try mean.difference(from: target, "gaussianNegativeLogLikelihood").map(.square)
    return try ((logVariance + squares * (-logVariance).map(.exp)) / 2).mean()
  }

  /// The mean of `max(0, margin - (x_i - x_j))` over all pairs of rows with `target_i > target_j`. It is 0 when all
  /// rows are in the targets' order with at least this margin (pairwise hinge; Herbrich, Graepel and Obermayer,
  /// 2000).
  ///
  /// - Parameter target: A matrix with one column, like `x`.
  public func pairwiseRankingHinge(against target: Variable, margin: Double = 0.1) throws -> Variable {
    guard columns == 1 else {
      throw TapeError("pairwiseRankingHinge", "the predictions are \(shape)", remedy: "Give one column.")
    }
    _ = try difference(from: target, "pairwiseRankingHinge")
    let signs = try (target - target.reshaped(rows: 1, columns: rows)).map(.sign)
    let isPair = try signs.map(.absolute)
    let differences = try self - reshaped(rows: 1, columns: rows)
    let hinges = try (margin - signs * differences).map(.relu) * isPair
    let pairs = try isPair.sum()
    // Without pairs the sum is 0, so the divisor doesn't matter.
    return try hinges.sum() / (pairs.scalar > 0 ? pairs : tape.constant(1))
  }

  private func difference(from target: Variable, _ name: String) throws -> Variable {
    guard hasShape(of: target) else {
      throw TapeError(
        name, "the predictions are \(shape), but the targets are \(target.shape)", remedy: "Give both the same shape.")
    }
    return try self - target
  }
}
