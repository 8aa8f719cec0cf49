/// The result of learning: what was asked for, how it went, and the predictor.
public struct Fit<Method: Recipe>: Codable, Hashable, Sendable {
  /// What charts and tables call it.
  public var label: String
  /// The settings.
  public var recipe: Method
  /// One record for each epoch, in order; empty for recipes that don't learn by epochs.
  public var curve: [EpochRecord]
  /// The epoch, from 1, whose weights the predictor has; nil for recipes that don't learn by epochs.
  public var chosenEpoch: Int?
  /// How the members of an ensemble were trained, in their order; empty for others.
  public var parts: [TrainingRecord]
  /// The predictions for each sample that was learned from by those members alone that left it out: an estimate of the
  /// accuracy that needs no test part. Nil for recipes that leave nothing out.
  public var leftOut: Evaluation?
  /// Wall-clock seconds; of members together, as if trained one after the other.
  @WallClock public var seconds: Double
  public var predictor: Method.Predictor

  /// What `Recipe.learn` gives; the label comes from whoever called.
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

  /// The same without recipe and predictor, as charts and tables need it.
  public var record: TrainingRecord {
    TrainingRecord(label: label, curve: curve, chosenEpoch: chosenEpoch, seconds: seconds)
  }
}

/// How a training run went.
public struct TrainingRecord: Codable, Hashable, Sendable {
  /// What charts and tables call it.
  public var label: String
  /// One record for each epoch, in order; empty where there were no epochs.
  public var curve: [EpochRecord]
  /// The epoch, from 1, whose weights were kept; nil where there were no epochs.
  public var chosenEpoch: Int?
  /// Wall-clock seconds.
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
