/// A training run stopped because its loss was not a number or had grown beyond all use.
public struct TrainingDivergence: Error, Codable, Hashable, Sendable, CustomStringConvertible {
  /// The run's label.
  public var run: String
  /// From 1, as `batch`.
  public var epoch: Int
  public var batch: Int
  /// The learning rate of the step before which the loss was seen.
  public var learningRate: Double
  public var loss: Double

  /// A scaled target is about as large as 1, so that a mean loss above this has nothing to do with it any more.
  package static let limit = 1e6

  package init(run: String, epoch: Int, batch: Int, learningRate: Double, loss: Double) {
    self.run = run
    self.epoch = epoch
    self.batch = batch
    self.learningRate = learningRate
    self.loss = loss
  }

  public var description: String {
    """
    training \(run.isEmpty ? "" : "\"\(run)\" ")diverged: the loss is \(loss) in epoch \(epoch), batch \(batch), at \
    learning rate \(learningRate)
      Lower the learning rate, let it warm up, or limit the gradients' norm.
    """
  }
}
