/// One epoch of a training run.
public struct EpochRecord: Codable, Hashable, Sendable {
  /// The number of the epoch, from 1.
  public var epoch: Int
  /// The mean loss over the training samples during the epoch, in the unit of the scaled target.
  public var trainingLoss: Double
  /// The mean loss over the validation samples after the epoch; nil without a validation part.
  public var validationLoss: Double?
  /// The learning rate at the end of the epoch.
  public var learningRate: Double
  /// Other figures of the epoch by name, such as the accuracy of a classifier.
  public var figures: [String: Double]
  /// The wall-clock time of the epoch, in seconds.
  @WallClock public var seconds: Double

  public init(
    epoch: Int, trainingLoss: Double, validationLoss: Double?, learningRate: Double, figures: [String: Double] = [:],
    seconds: Double
  ) {
    self.epoch = epoch
    self.trainingLoss = trainingLoss
    self.validationLoss = validationLoss
    self.learningRate = learningRate
    self.figures = figures
    self.seconds = seconds
  }
}

/// An epoch that has just ended, for observers.
public struct TrainingProgress: Sendable {
  /// The label of the run.
  public var run: String
  public var record: EpochRecord
  /// The greatest number of epochs of the run.
  public var epochs: Int
  /// The number of epochs that an earlier process did before this one continued from its checkpoint.
  public var resumed: Int
}
