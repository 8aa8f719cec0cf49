/// What n targets say of a Gaussian process: values whose covariance is known and whose mean is 0.
package struct GaussianPosterior {
  private let decomposition: Cholesky
  /// The covariance's inverse times the targets: the mean elsewhere is the sum of these times the covariances there.
  package let weights: [Double]
  /// Minus the logarithm of the targets' probability density, without the constant n / 2 log(2 pi).
  package let negativeLogLikelihood: Double

  /// - Parameter covariance: That of the targets, noise included, row by row; only its lower triangle is read.
  /// - Returns: Nil where rounding leaves the covariance no longer positive definite.
  package init?(covariance: [Double], targets: [Double]) {
    guard let decomposition = Cholesky(covariance, size: targets.count) else { return nil }
    self.decomposition = decomposition
    weights = decomposition.solve(targets)
    negativeLogLikelihood =
      zip(targets, weights).reduce(0) { $0 + $1.0 * $1.1 } / 2 + decomposition.halfLogDeterminant
  }

  /// The mean of the value whose covariances with the n targets are given.
  package func mean(_ covariances: some Sequence<Double>) -> Double {
    zip(covariances, weights).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// How much of a value's variance the targets explain.
  package func explainedVariance(_ covariances: [Double]) -> Double {
    decomposition.forward(covariances).reduce(0) { $0 + $1 * $1 }
  }

  /// The inverse of the covariance, row by row.
  package var inverseCovariance: [Double] { decomposition.inverse }
}
