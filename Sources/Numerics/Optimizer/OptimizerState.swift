import Foundation

/// The state of an optimiser for one vector of weights.
package final class OptimizerState {
  private let optimizer: Optimizer
  private let momentum: Buffer<Float>
  private let squares: Buffer<Float>
  private var steps = 0

  package init(_ optimizer: Optimizer, count: Int) {
    self.optimizer = optimizer
    momentum = Buffer(count, repeating: 0)
    if case .adamW = optimizer {
      squares = Buffer(count, repeating: 0)
    } else {
      squares = Buffer(0, repeating: 0)
    }
  }

  /// The part of the state on which later steps depend.
  package struct Snapshot: Codable {
    package var steps: Int
    package var momentum: Data
    package var squares: Data
  }

  package var snapshot: Snapshot {
    Snapshot(
      steps: steps, momentum: Data(littleEndian: momentum.values), squares: Data(littleEndian: squares.values))
  }

  /// Continues from `snapshot`, which must have been taken with the same settings.
  package func restore(_ snapshot: Snapshot) {
    steps = snapshot.steps
    momentum.copy([Float](littleEndian: snapshot.momentum))
    squares.copy([Float](littleEndian: snapshot.squares))
  }

  /// Starts the next step, which the caller applies once to each weight. The step is valid as long as the state
  /// lives.
  ///
  /// - Parameter gradientScale: A factor for the gradients.
  package func nextStep(rate: Double, gradientScale: Double = 1) -> OptimizerStep {
    steps += 1
    return OptimizerStep(
      optimizer, step: steps, rate: rate, gradientScale: gradientScale, momentum: momentum.pointer,
      squares: squares.pointer)
  }

  /// Updates all `weights` by one step with `gradients` times `gradientScale`.
  package func step(weights: Buffer<Float>, gradients: Buffer<Float>, rate: Double, gradientScale: Double = 1) {
    nextStep(rate: rate, gradientScale: gradientScale).apply(
      0..<weights.count, of: weights.pointer, gradients: gradients.pointer)
  }
}
