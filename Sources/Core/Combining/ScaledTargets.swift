import Foundation

/// Fits a recipe to scaled latencies instead of latencies: for example a GCN to their logarithms.
///
/// ```swift
/// let network = GCNRecipe(options: TrainingOptions(targetScaling: .linear))
/// let fit = try ScaledTargets(.logarithmic, network).fit(to: data, split: split)
/// ```
///
/// The scale is fitted to the training part. Recipes that scale targets by themselves, such as `GCNRecipe`, and those
/// that need positive targets, such as `Residual`, `LinearRegression`, forests and `CDP`, can't be scaled or don't need
/// it.
public struct ScaledTargets: Recipe {
  public typealias Predictor = ScaledTargetsPredictor

  public var scaling: TargetScaling
  public var recipe: AnyRecipe

  public init(_ scaling: TargetScaling, _ recipe: some Recipe) {
    self.scaling = scaling
    self.recipe = AnyRecipe(recipe)
  }

  /// The inner recipe stores its own result.
  public var keepsResults: Bool { false }

  public func reseeded(by offset: UInt64) -> ScaledTargets { ScaledTargets(scaling, recipe.reseeded(by: offset)) }
  public func settled(on graphs: [NetworkGraph]) throws -> ScaledTargets {
    ScaledTargets(scaling, try recipe.settled(on: graphs))
  }
  public var requiredIDs: [String] { recipe.requiredIDs }

  public func learn(from data: Dataset, split: Split, in context: TrainingContext) throws -> Fit<ScaledTargets> {
    let scale = try scaling.fitted(to: data[split.training].latencies)
    let scaled = Dataset(
      name: data.name, measuredOn: data.measuredOn, unit: "",
      uncheckedSamples: data.samples.map { Dataset.Sample(graph: $0.graph, latency: scale.scaled($0.latency)) })
    let fit = try recipe.fit(to: scaled, split: split, label: context.label)
    return Fit(
      self, ScaledTargetsPredictor(base: fit.predictor, scale: scale, unit: data.unit), curve: fit.curve,
      chosenEpoch: fit.chosenEpoch, parts: fit.parts, seconds: fit.seconds)
  }
}

/// A predictor of scaled latencies, with the scale that converts them back.
public struct ScaledTargetsPredictor: BatchPredictor {
  public static let family = "scaled-targets"

  public let base: AnyPredictor
  public let scale: TargetScale
  public let unit: String

  init(base: AnyPredictor, scale: TargetScale, unit: String) {
    self.base = base
    self.scale = scale
    self.unit = unit
  }

  public var device: Device { base.device }
  public var warnings: [String] { base.warnings }
  public func warnings(for graphs: [NetworkGraph]) -> [PredictionWarning] { base.warnings(for: graphs) }

  /// The deviation is converted to first order: the deviation of the scaled latency times the slope of the scale.
  public func estimate(_ batch: GraphBatch) throws -> [LatencyEstimate] {
    try base.estimate(batch).map { estimate in
      let latency = scale.unscaled(estimate.latency)
      let deviation = estimate.spread.map { abs($0 * estimate.latency * scale.unscaledDerivative(estimate.latency)) }
      return LatencyEstimate(latency: latency, spread: latency > 0 ? deviation.map { $0 / latency } : nil)
    }
  }

  public func write(to archive: inout PredictorArchive) throws {
    try archive.set("scale", to: scale)
    try archive.setArchive("base", of: base.base)
  }

  public init(reading archive: PredictorArchive) throws {
    scale = try archive.value("scale")
    base = try archive.predictor("base")
    unit = try archive.unit
  }
}
