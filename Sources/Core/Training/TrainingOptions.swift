import Numerics

/// The options of training.
///
/// The defaults suit data sets of some hundred to some thousand graphs.
public struct TrainingOptions: Codable, Hashable, Sendable {
  /// The greatest number of epochs.
  public var epochs: Int
  /// The number of graphs of a step. The last step may have fewer.
  public var batchSize: Int
  /// The highest learning rate of the schedule.
  public var learningRate: Double
  public var schedule: LearningRateSchedule
  public var optimizer: Optimizer
  public var loss: Loss
  public var targetScaling: TargetScaling
  /// The choice of the epoch whose weights are kept.
  public var weights: WeightChoice
  /// The rule to stop early; nil to train all epochs.
  public var earlyStopping: EarlyStopping?
  /// The greatest Euclidean norm of all gradients together. Longer gradients are scaled down to it; nil for no limit.
  public var gradientNormLimit: Double?
  /// The seed of the initial weights, the order of samples and dropout.
  public var seed: UInt64

  public init(
    epochs: Int = 100, batchSize: Int = 32, learningRate: Double = 1e-3, schedule: LearningRateSchedule = .cosine(),
    optimizer: Optimizer = .adamW(), loss: Loss = .absolute, targetScaling: TargetScaling = .logarithmic,
    weights: WeightChoice = .bestEpoch, earlyStopping: EarlyStopping? = nil,
    gradientNormLimit: Double? = nil, seed: UInt64 = TrainingContext.current.seed
  ) {
    self.epochs = epochs
    self.batchSize = batchSize
    self.learningRate = learningRate
    self.schedule = schedule
    self.optimizer = optimizer
    self.loss = loss
    self.targetScaling = targetScaling
    self.weights = weights
    self.earlyStopping = earlyStopping
    self.gradientNormLimit = gradientNormLimit
    self.seed = seed
  }

  func validate() throws {
    func require(_ condition: Bool, _ cause: String, _ remedy: String) throws {
      if !condition { throw InputError(cause, remedy: remedy) }
    }
    try require(epochs >= 1, "training can't take \(epochs) epochs", "Use at least one.")
    try require(batchSize >= 1, "a batch can't have \(batchSize) graphs", "Use at least one; 10 to 128 are usual.")
    try require(
      learningRate > 0 && learningRate.isFinite, "the learning rate \(learningRate) is not a number above 0",
      "1e-4 to 1e-2 are usual.")
    if let limit = gradientNormLimit {
      try require(limit > 0, "the gradient norm limit \(limit) is not above 0", "Leave it out for no limit.")
    }
    try schedule.validate()
    try optimizer.validate()
    try earlyStopping?.validate()
    try weights.validate(with: earlyStopping)
  }
}
