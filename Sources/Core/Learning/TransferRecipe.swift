/// A recipe that learns from several devices before it is given a few samples of another one: transfer and
/// meta-learning.
///
/// ```swift
/// let known = try NearestDevice().pretrain(on: sources)
/// let fit = try known.fit(to: newDevice, split: split)   // a few samples of the new device
/// ```
public protocol TransferRecipe: Recipe {
  /// The same recipe with what it has learned from the devices of `data`, as a plain value: it can be handed on, kept,
  /// and be a member of an ensemble.
  ///
  /// - Throws: `InputError` when a setting or the data can't be used.
  func pretrain(on data: LatencyData, in context: TrainingContext) throws -> Self
}

extension TransferRecipe {
  /// The same in the present context.
  public func pretrain(on data: LatencyData) throws -> Self {
    let context = TrainingContext.current
    return try context.run { try pretrain(on: data, in: context) }
  }
}
