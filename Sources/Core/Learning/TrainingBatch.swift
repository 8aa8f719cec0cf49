import Numerics

/// The samples of one training step, with their targets and the loss.
public struct TrainingBatch: Sendable {
  /// The indices of the samples in the inputs.
  public let samples: ArraySlice<Int>
  /// The scaled targets, in the order of `samples`.
  public let targets: [Double]
  /// The scale of the targets.
  public let scale: TargetScale
  /// The loss of the training options.
  public let loss: Loss
  /// The seed of dropout; nil when the step only validates.
  public let dropoutSeed: UInt64?
  /// The completed fraction of all epochs, from 0 to below 1.
  public let progress: Double

  /// The targets as a column on a tape.
  public func targets(on tape: Tape) -> Variable { tape.constant(targets, rows: targets.count, columns: 1) }

  /// The mean of the options' loss over the outputs, as a scalar with its gradient. Each sample has as many outputs
  /// as the loss needs.
  ///
  /// - Throws: `InputError` when the model has another number of outputs.
  public func meanLoss(of outputs: Variable) throws -> Variable {
    var batchLoss = BatchLoss(loss, scale: scale)
    guard outputs.columns == batchLoss.width, outputs.rows == targets.count else {
      throw InputError.outputs(outputs.columns, insteadOf: batchLoss.width)
    }
    let count = Double(max(targets.count, 1))
    let values = outputs.values
    let sum = batchLoss.evaluate(targets.count, output: { values[$0] }, target: { targets[$0] })
    let slopes = batchLoss.derivatives.map { $0 / count }
    // The tangent at these outputs, which has the same value and gradient as the loss.
    let height = sum / count - zip(values, slopes).reduce(0) { $0 + $1.0 * $1.1 }
    let tangent = outputs.tape.constant(slopes, rows: outputs.rows, columns: outputs.columns)
    return try (outputs * tangent).sum() + height
  }
}
