import Numerics

/// The samples of one step of training, and what is wanted of their outputs.
public struct TrainingBatch: Sendable {
  /// Their numbers among those of the inputs.
  public let samples: ArraySlice<Int>
  /// The scaled targets, in the order of `samples`.
  public let targets: [Double]
  /// How targets are scaled.
  public let scale: TargetScale
  /// The loss of the training options.
  public let loss: Loss
  /// What decides on the elements that are dropped; nil when the step only validates.
  public let dropoutSeed: UInt64?
  /// The share of all epochs that has been gone through, from 0 to below 1.
  public let progress: Double

  /// The targets as a column on a tape.
  public func targets(on tape: Tape) -> Variable { tape.constant(targets, rows: targets.count, columns: 1) }

  /// The mean of the options' loss over outputs, one for each sample, as a scalar with its gradient.
  ///
  /// - Throws: `TapeError` when there is not one output for each sample.
  public func meanLoss(of outputs: Variable) throws -> Variable {
    let count = Double(max(targets.count, 1))
    let values = outputs.values
    let losses = zip(values, targets).map { loss.evaluate(prediction: $0, target: $1, scale: scale) }
    let slopes = losses.map { $0.derivative / count }
    // The tangent at these outputs, which has the value and the gradient of the loss.
    let height = losses.reduce(0) { $0 + $1.value } / count - zip(values, slopes).reduce(0) { $0 + $1.0 * $1.1 }
    return try (outputs * outputs.tape.constant(slopes, rows: slopes.count, columns: 1)).sum() + height
  }
}
