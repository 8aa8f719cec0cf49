import Core

/// The options for training a network or a whole space.
///
/// The defaults suit a short run on CIFAR-10.
public struct NetworkTraining: Codable, Hashable, Sendable {
  public var epochs: Int
  public var batchSize: Int
  /// The highest learning rate of the schedule.
  public var learningRate: Double
  public var schedule: LearningRateSchedule
  /// The momentum, in Nesterov's form.
  public var momentum: Double
  /// The weight decay of kernels and the linear layer's matrix. Scales and shifts don't decay.
  public var weightDecay: Double
  public var labelSmoothing: Double
  /// The factor per step of the exponential moving average of the weights, which is tested and stored; nil for the
  /// last weights. At the beginning the factor is smaller: `(1 + step) / (10 + step)`.
  public var averaging: Double?
  public var augmentation: Augmentation
  /// The number of random points of the space that each step trains in addition to the whole and the smallest network
  /// (the sandwich rule, Yu and Huang, 2019); nil trains the whole network alone.
  public var randomPoints: Int?
  /// The seed of weights, order, augmentation and points. The default in a notebook is the cell's seed.
  public var seed: UInt64

  public init(
    epochs: Int = 10, batchSize: Int = 128, learningRate: Double = 0.2, schedule: LearningRateSchedule = .oneCycle(),
    momentum: Double = 0.9, weightDecay: Double = 5e-4, labelSmoothing: Double = 0.1, averaging: Double? = 0.995,
    augmentation: Augmentation = Augmentation(), randomPoints: Int? = nil, seed: UInt64 = TrainingContext.current.seed
  ) {
    self.epochs = epochs
    self.batchSize = batchSize
    self.learningRate = learningRate
    self.schedule = schedule
    self.momentum = momentum
    self.weightDecay = weightDecay
    self.labelSmoothing = labelSmoothing
    self.averaging = averaging
    self.augmentation = augmentation
    self.randomPoints = randomPoints
    self.seed = seed
  }

  func validate(images: ImageSet) throws {
    func require(_ condition: Bool, _ cause: String, _ remedy: String) throws {
      if !condition { throw InputError(cause, remedy: remedy) }
    }
    try require((1...100_000).contains(epochs), "a network can't be trained for \(epochs) epochs", "Use 1 or more.")
    try require(
      (2...65_536).contains(batchSize) && batchSize <= images.count,
      "\(images.count) images can't be trained in batches of \(batchSize)",
      "Use at least 2 and no more than there are images.")
    try require(
      learningRate > 0 && learningRate.isFinite, "the learning rate can't be \(learningRate)", "Use a positive number.")
    try require((0..<1).contains(momentum), "the momentum can't be \(momentum)", "Use 0 or more and less than 1.")
    try require(
      weightDecay >= 0 && weightDecay.isFinite, "the weight decay can't be \(weightDecay)", "Use 0 or more.")
    try require(
      (0..<1).contains(labelSmoothing), "labels can't be smoothed by \(labelSmoothing)",
      "Use 0 or more and less than 1.")
    try require(
      averaging.map { (0..<1).contains($0) } ?? true, "weights can't be averaged by \(averaging ?? 0)",
      "Use 0 or more and less than 1, or nil.")
    try require(
      (0...16).contains(randomPoints ?? 0), "a step can't train \(randomPoints ?? 0) random points", "Use 0 to 16.")
    try augmentation.validate(size: images.size)
    try schedule.validate()
  }
}

/// A trained network: its weights and the course of training.
public struct TrainedNetwork: Codable, Hashable, Sendable {
  /// The options.
  public var training: NetworkTraining
  /// The normalisation of images, which later images need too.
  public var normalization: ImageNormalization
  /// The weights of the whole network.
  public var weights: NetworkWeights
  /// The epochs with their losses. The figures are `accuracy` on the augmented training images and `validation
  /// accuracy`.
  public var record: TrainingRecord

  /// The fraction of validation images that the last epoch's network classified correctly; nil without validation
  /// images.
  public var accuracy: Double? { record.curve.last?.figures["validation accuracy"] }
}
