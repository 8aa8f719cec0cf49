import Foundation

/// One step of an optimiser, as numbers, to be applied to any part of the weights: in one pass over memory, element by
/// element, so that neither the parts nor their order decide on the result.
struct OptimizerStep: @unchecked Sendable {  // Threads apply it to different parts only.
  private enum Rule {
    case adamW(
      weightKeep: Float, keep1: Float, take1: Float, keep2: Float, take2: Float, correction: Float, epsilon: Float)
    case sgd(keep: Float, decay: Float)
  }

  private let rule: Rule
  private let stepSize: Float
  private let gradientScale: Float
  private let momentum: UnsafeMutablePointer<Float>
  private let squares: UnsafeMutablePointer<Float>

  /// - Parameter step: Its number, from 1.
  init(
    _ optimizer: Optimizer, step: Int, rate: Double, gradientScale: Double, momentum: UnsafeMutablePointer<Float>,
    squares: UnsafeMutablePointer<Float>
  ) {
    self.gradientScale = Float(gradientScale)
    self.momentum = momentum
    self.squares = squares
    switch optimizer {
    case .adamW(let weightDecay, let beta1, let beta2, let epsilon):
      stepSize = Float(rate / (1 - pow(beta1, Double(step))))
      rule = .adamW(
        weightKeep: Float(1 - rate * weightDecay), keep1: Float(beta1), take1: Float(1 - beta1), keep2: Float(beta2),
        take2: Float(1 - beta2), correction: Float(1 / (1 - pow(beta2, Double(step))).squareRoot()),
        epsilon: Float(epsilon))
    case .sgd(let momentumFactor, let weightDecay):
      stepSize = Float(rate)
      rule = .sgd(keep: Float(momentumFactor), decay: Float(weightDecay))
    }
  }

  /// Moves the weights in `range` of `weights`.
  ///
  /// - Parameter gradients: Those of the weights in `range`, the first at its beginning.
  func apply(_ range: Range<Int>, of weights: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>) {
    let (weights, momentum, scale) = (weights + range.lowerBound, momentum + range.lowerBound, gradientScale)
    let stepSize = stepSize
    switch rule {
    case .adamW(let weightKeep, let keep1, let take1, let keep2, let take2, let correction, let epsilon):
      let squares = squares + range.lowerBound
      // Written by single elements: the compiler makes vectors of them, of the width there is.
      for element in 0..<range.count {
        let gradient = gradients[element] * scale
        let mean = momentum[element] * keep1 + gradient * take1
        let square = squares[element] * keep2 + gradient * gradient * take2
        momentum[element] = mean
        squares[element] = square
        weights[element] =
          weights[element] * weightKeep - stepSize * mean / (square.squareRoot() * correction + epsilon)
      }
    case .sgd(let keep, let decay):
      for element in 0..<range.count {
        let mean = momentum[element] * keep + (gradients[element] * scale + weights[element] * decay)
        momentum[element] = mean
        weights[element] -= stepSize * mean
      }
    }
  }
}
