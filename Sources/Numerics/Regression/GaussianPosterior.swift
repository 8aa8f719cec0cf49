/// The posterior of a Gaussian process with mean 0 and a known covariance, given n targets.
package struct GaussianPosterior {
  private let decomposition: Cholesky
  /// The inverse covariance matrix times the targets. The mean at another point is the sum of these times the
  /// covariances there.
  package let weights: [Double]
  /// The negative logarithm of the targets' probability density, without the constant n / 2 log(2 pi).
  package let negativeLogLikelihood: Double

  /// - Parameter covariance: The targets' covariance including noise, in row-major order. Only its lower triangle is
  ///   read.
  /// - Returns: Nil if the covariance, after rounding, is not positive definite.
  package init?(covariance: [Double], targets: [Double]) {
    guard let decomposition = Cholesky(covariance, size: targets.count) else { return nil }
    self.decomposition = decomposition
    weights = decomposition.solve(targets)
    negativeLogLikelihood =
      zip(targets, weights).reduce(0) { $0 + $1.0 * $1.1 } / 2 + decomposition.halfLogDeterminant
  }

  /// The posterior mean of the value with these covariances with the n targets.
  package func mean(_ covariances: some Sequence<Double>) -> Double {
    zip(covariances, weights).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// The part of a value's variance that the targets explain.
  package func explainedVariance(_ covariances: [Double]) -> Double {
    decomposition.forward(covariances).reduce(0) { $0 + $1 * $1 }
  }

  /// The same parts of eight values' variances, one in each lane.
  package func explainedVariances(_ covariances: [SIMD8<Double>]) -> SIMD8<Double> {
    var sum = SIMD8<Double>.zero
    for part in decomposition.forward(covariances) { sum += part * part }
    return sum
  }

  /// The inverse of the covariance matrix, in row-major order.
  package var inverseCovariance: [Double] { decomposition.inverse }
}
