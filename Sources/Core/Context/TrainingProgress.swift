/// One epoch of a training run.
public struct EpochRecord: Codable, Hashable, Sendable {
  /// The number of the epoch, from 1.
  public var epoch: Int
  /// Mean loss over the training samples as seen while training, in the unit of the scaled target.
  public var trainingLoss: Double
  /// Mean loss over the validation samples after the epoch, or nil without a validation part.
  public var validationLoss: Double?
  /// The learning rate at the end of the epoch.
  public var learningRate: Double
  /// Other figures of the epoch by name, such as the accuracy of a classifier.
  public var figures: [String: Double]
  /// Wall-clock seconds of the epoch.
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

/// An epoch that has just ended, for whoever watches.
public struct TrainingProgress: Sendable {
  /// The run's label.
  public var run: String
  public var record: EpochRecord
  /// How many epochs there will be at most.
  public var epochs: Int
  /// How many of them an earlier process did, whose checkpoint this one took up.
  public var resumed: Int
}
