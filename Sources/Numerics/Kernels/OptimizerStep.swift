/// The coefficients of one optimiser step, which can be applied to any part of the weights. It passes over memory
/// once, element by element, so that the result doesn't depend on the parts or their order.
package struct OptimizerStep: @unchecked Sendable {  // Threads apply it to different parts only.
  /// `m = keep1 m + take1 g; v = keep2 v + take2 g^2; w = weightKeep w - stepSize m / (correction sqrt(v) +
  /// epsilon)`.
  package struct AdamW {
    package var stepSize, weightKeep, keep1, take1, keep2, take2, correction, epsilon: Float
  }

  enum Rule {
    case adamW(AdamW)
    case sgd(stepSize: Float, keep: Float, decay: Float)
  }

  private let rule: Rule
  private let gradientScale: Float
  package let momentum: UnsafeMutablePointer<Float>
  package let squares: UnsafeMutablePointer<Float>

  /// The coefficients of an AdamW step without gradient scaling; nil for other steps.
  package var adamW: AdamW? {
    guard case .adamW(let numbers) = rule, gradientScale == 1 else { return nil }
    return numbers
  }

  init(
    _ rule: Rule, gradientScale: Float, momentum: UnsafeMutablePointer<Float>, squares: UnsafeMutablePointer<Float>
  ) {
    self.rule = rule
    self.gradientScale = gradientScale
    self.momentum = momentum
    self.squares = squares
  }

  /// Updates the weights in `range` of `weights`.
  ///
  /// - Parameter gradients: The gradients of the weights in `range`; the first one belongs to the first weight of the
  ///   range.
  package func apply(
    _ range: Range<Int>, of weights: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>,
    kernels: VectorKernels = .present
  ) {
    switch rule {
    case .adamW(let rule):
      kernels.adamW(
        rule, range, gradients: gradients, gradientScale: gradientScale, weights: weights, momentum: momentum,
        squares: squares)
    case .sgd(let stepSize, let keep, let decay):
      let (weights, momentum, scale) = (weights + range.lowerBound, momentum + range.lowerBound, gradientScale)
      for element in 0..<range.count {
        let mean = momentum[element] * keep + (gradients[element] * scale + weights[element] * decay)
        momentum[element] = mean
        weights[element] -= stepSize * mean
      }
    }
  }
}
