import Numerics

/// How a predictor is trained.
///
/// The defaults suit data sets of some hundred to some thousand graphs.
public struct TrainingOptions: Codable, Hashable, Sendable {
  /// How often the whole training part is gone through, at most.
  public var epochs: Int
  /// How many graphs make one step; fewer where there are no more.
  public var batchSize: Int
  /// The highest learning rate of the schedule.
  public var learningRate: Double
  public var schedule: LearningRateSchedule
  public var optimizer: Optimizer
  public var loss: Loss
  public var targetScaling: TargetScaling
  /// Which of the epochs' weights are kept.
  public var weights: WeightChoice
  /// Nil to go through all epochs.
  public var earlyStopping: EarlyStopping?
  /// The greatest Euclidean norm of all gradients together, to which longer ones are shortened; nil for no limit.
  public var gradientNormLimit: Double?
  /// Of the first weights, the order of samples and dropout.
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
