/// An error: training stopped because its loss was NaN or too large.
public struct TrainingDivergence: Error, Codable, Hashable, Sendable, CustomStringConvertible {
  /// The label of the run.
  public var run: String
  /// The epoch and the batch, from 1.
  public var epoch: Int
  public var batch: Int
  /// The learning rate of the step before the loss was computed.
  public var learningRate: Double
  public var loss: Double

  /// A scaled target is about as large as 1, so a mean loss above this limit is meaningless.
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
