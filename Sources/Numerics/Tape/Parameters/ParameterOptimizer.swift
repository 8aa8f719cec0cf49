/// An optimiser for a model's parameters that uses the gradients of a tape.
///
/// ```swift
/// let optimizer = ParameterOptimizer(.adamW(weightDecay: 0.01), parameters)
/// try tape.backward(from: loss)
/// try optimizer.step(weights, rate: 1e-3)
/// ```
public final class ParameterOptimizer {
  private let parameters: ParameterVector
  private let state: OptimizerState
  /// The number of parameters that are updated together: a part that stays in cache.
  private static let together = 1 << 14

  /// - Precondition: The parameters are in single precision.
  public init(_ optimizer: Optimizer, _ parameters: ParameterVector) {
    self.parameters = parameters
    state = OptimizerState(optimizer, count: parameters.layout.count)
  }

  /// The part of the state on which later steps depend.
  package var snapshot: OptimizerState.Snapshot { state.snapshot }

  /// Continues from `snapshot`.
  package func restore(_ snapshot: OptimizerState.Snapshot) { state.restore(snapshot) }

  /// Updates all parameters by the gradients that `Tape.backward(from:)` computed. Parameters on which the loss
  /// doesn't depend don't change.
  ///
  /// - Parameters:
  ///   - weights: The weights of the pass.
  ///   - normLimit: The greatest Euclidean norm of all gradients together. Longer gradients are scaled down to it.
  /// - Throws: `TapeError` when the weights belong to an earlier pass.
  public func step(_ weights: Weights, rate: Double, normLimit: Double? = nil) throws {
    let tape = weights.tape
    var scale = 1.0
    if let normLimit {
      let norm = try gradientNorm(weights)
      if norm > normLimit { scale = normLimit / norm }
    }
    let step = state.nextStep(rate: rate, gradientScale: scale)
    let target = parameters.buffer.pointer
    for tensor in parameters.layout.tensors {
      if let factors = try tape.pendingGradient(of: weights[tensor]),
        apply(step, factors.rows, factors.gradient, to: tensor, on: tape)
      {
        continue
      }
      guard let gradient = try tape.gradient(of: weights[tensor]) else { continue }
      let numbers = UnsafePointer(gradient.pointer.assumingMemoryBound(to: Float.self))
      let parts = (tensor.range.count + Self.together - 1) / Self.together
      let start = tensor.range.lowerBound
      tape.team.forEach(parts, isShared: parts > 1) { part, _ in
        let range = part * Self.together..<min((part + 1) * Self.together, tensor.range.count)
        step.apply(
          start + range.lowerBound..<start + range.upperBound, of: target, gradients: numbers + range.lowerBound)
      }
    }
  }

  /// The gradients of narrower weights are computed completely before the update.
  private static let fewestColumns = 16
  /// The number of rows of a weight that are updated together, while the factors of their gradient are in cache.
  private static let rowsTogether = 60

  /// Updates a weight by a gradient that is a product, each part as soon as its gradient is computed.
  ///
  /// - Returns: Whether there are kernels for it. If not, nothing was done.
  private func apply(
    _ step: OptimizerStep, _ rows: Variable, _ gradient: Variable, to tensor: ParameterLayout.Tensor, on tape: Tape
  ) -> Bool {
    let kernels = VectorKernels.present
    guard step.adamW != nil, tensor.columns >= Self.fewestColumns else { return false }
    func matrix(_ variable: Variable) -> Matrix {
      Matrix(
        pointer: variable.pointer.assumingMemoryBound(to: Float.self), rows: variable.rows, columns: variable.columns)
    }
    let (left, right, target) = (matrix(rows), matrix(gradient), parameters.buffer.pointer)
    let parts = (tensor.rows + Self.rowsTogether - 1) / Self.rowsTogether
    tape.team.forEach(parts, isShared: tensor.range.count >= Self.together) { part, _ in
      let range = part * Self.rowsTogether..<min((part + 1) * Self.rowsTogether, tensor.rows)
      let start = tensor.range.lowerBound
      _ = kernels.step(
        step, left.columns(range), right,
        range: start + range.lowerBound * tensor.columns..<start + range.upperBound * tensor.columns, of: target)
    }
    return true
  }

  private func gradientNorm(_ weights: Weights) throws -> Double {
    var squares = 0.0
    for tensor in parameters.layout.tensors {
      guard let gradient = try weights.tape.gradient(of: weights[tensor]) else { continue }
      let numbers = gradient.pointer.assumingMemoryBound(to: Float.self)
      for index in 0..<gradient.count { squares += Double(numbers[index]) * Double(numbers[index]) }
    }
    return squares.squareRoot()
  }
}
