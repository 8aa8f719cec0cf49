/// Adds prediction intervals to any recipe. The recipe doesn't see the validation part, whose errors calibrate the
/// intervals.
///
/// ```swift
/// let fit = try Calibrated(LinearRegression()).fit(to: data, split: split)
/// let intervals = try fit.predictor.predictIntervals(data[split.test].graphs, coverage: 0.9)
/// ```
public struct Calibrated: Recipe {
  public typealias Predictor = CalibratedPredictor

  public var recipe: AnyRecipe

  public init(_ recipe: some Recipe) {
    self.recipe = AnyRecipe(recipe)
  }

  /// The inner recipe stores its own result.
  public var keepsResults: Bool { false }

  public func reseeded(by offset: UInt64) -> Calibrated { Calibrated(recipe.reseeded(by: offset)) }
  public func settled(on graphs: [NetworkGraph]) throws -> Calibrated { Calibrated(try recipe.settled(on: graphs)) }
  public var requiredIDs: [String] { recipe.requiredIDs }

  /// - Throws: `InputError` when the validation part is empty or a prediction is not above 0, and the errors of the
  ///   inner recipe.
  public func learn(from data: Dataset, split: Split, in context: TrainingContext) throws -> Fit<Calibrated> {
    guard !split.validation.isEmpty else {
      throw InputError(
        "calibrating a predictor needs a validation part",
        remedy: "Split the data with a validation part, such as validation: 0.1.")
    }
    let fit = try recipe.fit(
      to: data, split: Split(training: split.training, validation: [], test: []), label: context.label)
    let held = data[split.validation]
    return Fit(
      self,
      CalibratedPredictor(base: fit.predictor, calibration: try ConformalCalibration(of: fit.predictor, on: held)),
      curve: fit.curve, chosenEpoch: fit.chosenEpoch, parts: fit.parts, leftOut: try fit.predictor.evaluate(on: held),
      seconds: fit.seconds)
  }
}

/// A predictor with intervals that were calibrated by its errors on left-out samples.
public struct CalibratedPredictor: StorablePredictor {
  public static let family = "calibrated"

  public let base: AnyPredictor
  private let conformal: ConformalCalibration

  init(base: AnyPredictor, calibration: ConformalCalibration) {
    self.base = base
    conformal = calibration
  }

  public var device: Device { base.device }
  public var unit: String { base.unit }
  public var calibration: ConformalCalibration? { conformal }
  public var warnings: [String] { base.warnings }
  public func warnings(for graphs: [NetworkGraph]) -> [PredictionWarning] { base.warnings(for: graphs) }

  public func predict(_ graphs: [NetworkGraph]) throws -> [Double] { try base.predict(graphs) }
  public func estimate(_ graphs: [NetworkGraph]) throws -> [LatencyEstimate] { try base.estimate(graphs) }
  public func estimate(_ batch: GraphBatch) throws -> [LatencyEstimate] { try base.estimate(batch) }

  public func write(to archive: inout PredictorArchive) throws {
    try archive.set("calibration", to: conformal)
    try archive.setArchive("base", of: base.base)
  }

  public init(reading archive: PredictorArchive) throws {
    conformal = try archive.value("calibration")
    base = try archive.predictor("base")
  }
}

extension StorablePredictor {
  /// The same predictor with intervals calibrated by its errors on `data`. It must not have been trained on `data`.
  ///
  /// - Throws: `InputError` when `data` is empty, a graph can't be predicted, or a prediction is not above 0.
  public func calibrated(on data: Dataset) throws -> CalibratedPredictor {
    CalibratedPredictor(base: AnyPredictor(self), calibration: try ConformalCalibration(of: self, on: data))
  }
}
