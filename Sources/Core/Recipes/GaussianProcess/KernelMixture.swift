import Numerics

/// A Gaussian process whose covariance is a weighted sum of given kernels, plus a constant of large variance and
/// noise.
struct KernelMixture {
  /// The kernels between the n samples: n by n matrices in row-major order. Only the lower triangles are read.
  let kernels: [[Double]]
  /// The variance of the constant.
  let constant: Double
  let targets: [Double]

  /// The process for given weights, of which the last one is the noise variance; nil if it can't be computed.
  func posterior(_ weights: [Double]) -> GaussianPosterior? {
    let count = targets.count
    var covariance = [Double](repeating: 0, count: count * count)
    covariance.withUnsafeMutableBufferPointer { covariance in
      for row in 0..<count {
        for column in 0...row { covariance[row * count + column] = constant }
      }
      for (kernel, weight) in zip(kernels, weights) {
        kernel.withUnsafeBufferPointer { kernel in
          for row in 0..<count {
            for place in row * count...row * count + row { covariance[place] += weight * kernel[place] }
          }
        }
      }
      for row in 0..<count { covariance[row * count + row] += weights[kernels.count] }
    }
    return GaussianPosterior(covariance: covariance, targets: targets)
  }

  /// The logarithms of the weights with the greatest posterior probability given the targets. Their prior is normal
  /// around `centre`.
  ///
  /// - Parameter deviation: The prior's standard deviation of the logarithms; nil for no prior.
  func mostProbableLogarithms(
    around centre: [Double], deviation: Double?, iterations: Int, tolerance: Double
  ) -> [Double] {
    NelderMead.minimum(from: centre, iterations: iterations, tolerance: tolerance) { logarithms in
      let weights = logarithms.map { CorrectlyRounded.exp($0) }
      guard weights.allSatisfy(\.isFinite), let posterior = posterior(weights),
        posterior.negativeLogLikelihood.isFinite
      else { return .infinity }
      guard let deviation else { return posterior.negativeLogLikelihood }
      return zip(logarithms, centre).reduce(posterior.negativeLogLikelihood) { sum, pair in
        let distance = (pair.0 - pair.1) / deviation
        return sum + distance * distance / 2
      }
    }
  }
}
