/// A recipe that learns from several devices before it gets a few samples of another one: transfer and meta-learning.
///
/// ```swift
/// let known = try NearestDevice().pretrain(on: sources)
/// let fit = try known.fit(to: newDevice, split: split)   // a few samples of the new device
/// ```
public protocol TransferRecipe: Recipe {
  /// The same recipe with the knowledge of the devices in `data`, as a plain value. It can be handed on between
  /// cells, stored, and be a member of an ensemble.
  ///
  /// - Throws: `InputError` when a setting or the data is invalid.
  func pretrain(on data: LatencyData, in context: TrainingContext) throws -> Self
}

extension TransferRecipe {
  /// Pretrains in the current context.
  public func pretrain(on data: LatencyData) throws -> Self {
    let context = TrainingContext.current
    return try context.run { try pretrain(on: data, in: context) }
  }
}
