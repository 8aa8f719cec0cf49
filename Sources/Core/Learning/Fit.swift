/// The result of learning: the recipe, the course of training, and the predictor.
public struct Fit<Method: Recipe>: Codable, Hashable, Sendable {
  /// The label in charts and tables.
  public var label: String
  /// The recipe with its settings.
  public var recipe: Method
  /// One record for each epoch, in order; empty for recipes that don't learn by epochs.
  public var curve: [EpochRecord]
  /// The epoch, from 1, whose weights the predictor has; nil for recipes that don't learn by epochs.
  public var chosenEpoch: Int?
  /// The records of the members' training in an ensemble, in the members' order; empty for other recipes.
  public var parts: [TrainingRecord]
  /// The predictions for each training sample by only those members that left it out: an estimate of the accuracy
  /// that needs no test part. Nil for recipes that leave nothing out.
  public var leftOut: Evaluation?
  /// The wall-clock time in seconds. For members it is the sum of their times.
  @WallClock public var seconds: Double
  public var predictor: Method.Predictor

  /// Makes a result in `Recipe.learn`. The label is set by `fit`.
  public init(
    _ recipe: Method, _ predictor: Method.Predictor, curve: [EpochRecord] = [], chosenEpoch: Int? = nil,
    parts: [TrainingRecord] = [], leftOut: Evaluation? = nil, seconds: Double = 0
  ) {
    label = ""
    self.recipe = recipe
    self.curve = curve
    self.chosenEpoch = chosenEpoch
    self.parts = parts
    self.leftOut = leftOut
    self.seconds = seconds
    self.predictor = predictor
  }

  /// The result without recipe and predictor, for charts and tables.
  public var record: TrainingRecord {
    TrainingRecord(label: label, curve: curve, chosenEpoch: chosenEpoch, seconds: seconds)
  }
}

/// The course of a training run.
public struct TrainingRecord: Codable, Hashable, Sendable {
  /// The label in charts and tables.
  public var label: String
  /// One record for each epoch, in order; empty for recipes without epochs.
  public var curve: [EpochRecord]
  /// The epoch, from 1, whose weights were kept; nil for recipes without epochs.
  public var chosenEpoch: Int?
  /// The wall-clock time, in seconds.
  @WallClock public var seconds: Double

  public init(label: String, curve: [EpochRecord], chosenEpoch: Int?, seconds: Double) {
    self.label = label
    self.curve = curve
    self.chosenEpoch = chosenEpoch
    self.seconds = seconds
  }
}

extension Fit {
  @available(*, deprecated, renamed: "curve")
  public var history: [EpochRecord] { curve }

  @available(*, deprecated, renamed: "chosenEpoch")
  public var bestEpoch: Int { chosenEpoch ?? curve.count }
}
