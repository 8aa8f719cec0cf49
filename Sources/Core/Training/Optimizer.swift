import Foundation

/// How weights follow their gradients.
public enum Optimizer: Codable, Hashable, Sendable {
  /// AdamW (Loshchilov and Hutter, 2019), as PyTorch computes it: with decoupled weight decay on every weight.
  ///
  ///     w = w - rate * weightDecay * w
  ///     m = beta1 * m + (1 - beta1) * g;  v = beta2 * v + (1 - beta2) * g^2
  ///     w = w - rate * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)
  case adamW(weightDecay: Double = 5e-4, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8)
  /// Stochastic gradient descent with momentum: `g = g + weightDecay * w; m = momentum * m + g; w = w - rate * m`.
  case sgd(momentum: Double = 0.9, weightDecay: Double = 0)

  func validate() throws {
    func require(_ condition: Bool, _ cause: String, _ remedy: String) throws {
      if !condition { throw InputError(cause, remedy: remedy) }
    }
    switch self {
    case .adamW(let weightDecay, let beta1, let beta2, let epsilon):
      try require(
        weightDecay >= 0, "AdamW can't have the weight decay \(weightDecay)", "Use 0 or more; 5e-4 is usual.")
      try require(
        beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1, "AdamW can't have the betas \(beta1) and \(beta2)",
        "Use numbers from 0 to below 1; 0.9 and 0.999 are usual.")
      try require(epsilon > 0, "AdamW can't have the epsilon \(epsilon)", "Use a number above 0; 1e-8 is usual.")
    case .sgd(let momentum, let weightDecay):
      try require(
        momentum >= 0 && momentum < 1, "SGD can't have the momentum \(momentum)",
        "Use a number from 0 to below 1; 0.9 is usual.")
      try require(weightDecay >= 0, "SGD can't have the weight decay \(weightDecay)", "Use 0 or more.")
    }
  }
}

/// An optimiser at work on one vector of weights.
final class OptimizerState {
  private let optimizer: Optimizer
  private let momentum: Buffer<Float>
  private let squares: Buffer<Float>
  private var steps = 0

  init(_ optimizer: Optimizer, count: Int) {
    self.optimizer = optimizer
    momentum = Buffer(count, repeating: 0)
    if case .adamW = optimizer {
      squares = Buffer(count, repeating: 0)
    } else {
      squares = Buffer(0, repeating: 0)
    }
  }

  /// What later steps depend on.
  struct Snapshot: Codable {
    var steps: Int
    var momentum: Data
    var squares: Data
  }

  var snapshot: Snapshot {
    Snapshot(
      steps: steps, momentum: Data(littleEndian: momentum.values), squares: Data(littleEndian: squares.values))
  }

  /// Goes on from where `snapshot`, taken with the same settings, was taken.
  func restore(_ snapshot: Snapshot) {
    steps = snapshot.steps
    momentum.copy([Float](littleEndian: snapshot.momentum))
    squares.copy([Float](littleEndian: snapshot.squares))
  }

  /// Begins the next step, which the caller applies once to each weight; valid as long as the state lives.
  ///
  /// - Parameter gradientScale: What gradients are multiplied by first.
  func nextStep(rate: Double, gradientScale: Double = 1) -> OptimizerStep {
    steps += 1
    return OptimizerStep(
      optimizer, step: steps, rate: rate, gradientScale: gradientScale, momentum: momentum.pointer,
      squares: squares.pointer)
  }

  /// One step of `weights` against `gradients` times `gradientScale`.
  func step(weights: Buffer<Float>, gradients: Buffer<Float>, rate: Double, gradientScale: Double = 1) {
    nextStep(rate: rate, gradientScale: gradientScale).apply(
      0..<weights.count, of: weights.pointer, gradients: gradients.pointer)
  }
}
