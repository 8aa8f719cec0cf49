/// One epoch of a training run.
public struct EpochRecord: Codable, Hashable, Sendable {
  /// From 1.
  public var epoch: Int
  /// Mean loss over the training samples, in the scaled target's unit, as seen while training.
  public var trainingLoss: Double
  /// Mean loss over the validation samples after the epoch, or nil without a validation part.
  public var validationLoss: Double?
  /// The learning rate at the end of the epoch.
  public var learningRate: Double
  /// Wall-clock seconds of the epoch.
  @WallClock public var seconds: Double

  public init(
    epoch: Int, trainingLoss: Double, validationLoss: Double?, learningRate: Double, seconds: Double
  ) {
    self.epoch = epoch
    self.trainingLoss = trainingLoss
    self.validationLoss = validationLoss
    self.learningRate = learningRate
    self.seconds = seconds
  }
}

/// Tells whoever listens how training goes on.
public enum TrainingProgress {
  public typealias Observer = @Sendable (_ run: String, _ record: EpochRecord, _ epochs: Int, _ earlier: Int) -> Void

  private static let observer = ObserverSlot<Observer>()

  /// Calls `observer` after every epoch of every later run of this process, with the run's label, what the epoch gave
  /// how many epochs there will be at most, and how many of them an earlier process did, whose checkpoint this one took up.
  public static func observe(_ observer: @escaping Observer) {
    Self.observer.hold(observer)
  }

  static func report(_ run: String, _ record: EpochRecord, of epochs: Int, earlier: Int) {
    observer.function?(run, record, epochs, earlier)
  }
}
