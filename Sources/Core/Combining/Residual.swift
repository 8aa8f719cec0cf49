/// A recipe that learns the ratio of the latency to the prediction of another recipe, the baseline.
///
/// Outside the range of the training samples the baseline's extrapolation is kept as far as the inner recipe predicts
/// ratios near 1 there, as forests and networks with a bounded output do.
///
/// ```swift
/// let recipe = Residual(over: LinearRegression(), of: GCNRecipe(options: .recommended(for: 400)))
/// let fit = try recipe.fit(to: data, split: split)
/// ```
public struct Residual: Recipe {
  public typealias Predictor = ResidualPredictor

  /// When the baseline is used.
  public enum Condition: String, Codable, Hashable, Sendable {
    case always
    /// The baseline is used where it is nearly right already: where half of the samples are within 5 % in a five-fold
    /// cross-validation within the training part. Otherwise its errors would have to be learned too, and the rest
    /// learns the latency itself. With 5 to 9 samples, which are too few to decide, the baseline is always used.
    case accurate
  }

  public var baseline: AnyRecipe
  /// The recipe that learns the ratio.
  public var rest: AnyRecipe
  public var condition: Condition

  public init(over baseline: some Recipe, of rest: some Recipe, when condition: Condition = .always) {
    self.baseline = AnyRecipe(baseline)
    self.rest = AnyRecipe(rest)
    self.condition = condition
  }

  /// The parts store their own results.
  public var keepsResults: Bool { false }

  public func reseeded(by offset: UInt64) -> Residual {
    Residual(over: baseline.reseeded(by: offset), of: rest.reseeded(by: offset), when: condition)
  }

  public func settled(on graphs: [NetworkGraph]) throws -> Residual {
    Residual(over: try baseline.settled(on: graphs), of: try rest.settled(on: graphs), when: condition)
  }

  public var requiredIDs: [String] { baseline.requiredIDs + rest.requiredIDs }

  /// Fits the baseline to the training part, then the rest to the ratios.
  public func learn(from data: Dataset, split: Split, in context: TrainingContext) throws -> Fit<Residual> {
    let training = data[split.training]
    guard try condition == .always || isAccurate(on: training) else {
      let fit = try rest.fit(to: data, split: split, label: context.label)
      return result(fit, ResidualPredictor(baseline: nil, floor: 0, rest: fit.predictor, unit: data.unit))
    }
    let alone = try Split(training: split.training, validation: [], test: [])
    // The rest's curve is the one to watch. The baseline's epochs would be mixed with it.
    var silent = context
    silent.progress = nil
    let fitted = try baseline.fit(to: data, split: alone, label: context.label, in: silent)
    let floor = (training.latencies.min() ?? 0) / 10
    let samples = data[split.training + split.validation]
    let predictions = try ResidualPredictor.raised(fitted.predictor.predict(samples.graphs), to: floor)
    let ratios = try Dataset(
      name: data.name, measuredOn: data.measuredOn, unit: "", graphs: samples.graphs,
      latencies: zip(samples.latencies, predictions).map(/))
    let fit = try rest.fit(
      to: ratios,
      split: Split(
        training: Array(0..<split.training.count), validation: Array(split.training.count..<samples.count), test: []),
      label: context.label)
    return result(
      fit,
      ResidualPredictor(baseline: fitted.predictor, floor: floor, rest: fit.predictor, unit: data.unit))
  }

  private func result(_ fit: Fit<AnyRecipe>, _ predictor: ResidualPredictor) -> Fit<Residual> {
    Fit(self, predictor, curve: fit.curve, chosenEpoch: fit.chosenEpoch, parts: fit.parts, seconds: fit.seconds)
  }
}

extension Residual {
  private static let folds = 5
  private static let tolerance = 0.05

  /// Whether at least half of the samples are within the tolerance of baselines that learned from the other folds.
  private func isAccurate(on data: Dataset) throws -> Bool {
    let required = Set(baseline.requiredIDs)
    // What the baseline requires is in every fold's training part, so that nothing tells how it is predicted.
    let judged = (0..<data.count).filter { !required.contains(data.samples[$0].graph.id) }
    // With fewer samples the decision would be random, and the rest could learn nothing that the baseline doesn't
    // know.
    guard judged.count >= 2 * Self.folds else { return data.count >= Self.folds }
    let operations = Set(data.samples.lazy.flatMap { $0.graph.nodes.lazy.map(\.operation) })
    var accurate = 0
    for fold in 0..<Self.folds {
      let held = judged.filter { $0 % Self.folds == fold }
      let leftOut = Set(held)
      let rest = (0..<data.count).filter { !leftOut.contains($0) }
      let others = data[rest]
      // A fold may be the only one that has some operation.
      let known = Set(others.samples.lazy.flatMap { $0.graph.nodes.lazy.map(\.operation) })
      guard known == operations else { continue }
      let fit = try baseline.fit(
        to: others, split: Split(training: Array(0..<others.count), validation: [], test: []))
      let floor = (others.latencies.min() ?? 0) / 10
      let predictions = try ResidualPredictor.raised(fit.predictor.predict(data[held].graphs), to: floor)
      accurate += zip(predictions, held).count {
        abs($0 - data.samples[$1].latency) <= Self.tolerance * data.samples[$1].latency
      }
    }
    return 2 * accurate >= judged.count
  }
}

/// A baseline's prediction times the ratio that the rest predicts.
public struct ResidualPredictor: BatchPredictor {
  public static let family = "residual"

  /// The baseline; nil if it was not accurate enough to be used, so that the rest predicts the latency itself.
  public let baseline: AnyPredictor?
  /// The lower bound of the baseline's predictions, in `unit`, so that latencies can be divided by them: a tenth of
  /// the least latency in its training part.
  public let floor: Double
  public let rest: AnyPredictor
  public let unit: String

  init(baseline: AnyPredictor?, floor: Double, rest: AnyPredictor, unit: String) {
    self.baseline = baseline
    self.floor = floor
    self.rest = rest
    self.unit = unit
  }

  public var device: Device { rest.device }

  private var parts: [AnyPredictor] { [baseline, rest].compactMap { $0 } }

  /// The warnings of both parts, each once.
  public var warnings: [String] { parts.flatMap(\.warnings).withoutRepeats }

  /// The warnings of both parts, each once.
  public func warnings(for graphs: [NetworkGraph]) -> [PredictionWarning] {
    parts.flatMap { $0.warnings(for: graphs) }.withoutRepeats
  }

  public func estimate(_ batch: GraphBatch) throws -> [LatencyEstimate] {
    try scaled(rest.estimate(batch), batch) { LatencyEstimate(latency: $0.latency * $1, spread: $0.spread) }
  }

  public func latencies(_ batch: GraphBatch) throws -> [Double] {
    try scaled(rest.latencies(batch), batch) { $0 * $1 }
  }

  /// The ratios of a batch times the baseline's predictions; the ratios themselves without a baseline.
  private func scaled<Ratio>(
    _ ratios: [Ratio], _ batch: GraphBatch, by product: (_ ratio: Ratio, _ prediction: Double) -> Ratio
  ) throws -> [Ratio] {
    guard let baseline else { return ratios }
    return zip(ratios, Self.raised(try baseline.latencies(batch), to: floor)).map { product($0, $1) }
  }

  static func raised(_ predictions: [Double], to floor: Double) -> [Double] {
    predictions.map { max($0, floor) }
  }

  public func write(to archive: inout PredictorArchive) throws {
    if let baseline { try archive.setArchive("baseline", of: baseline.base) }
    archive.setTensor("floor", [floor])
    try archive.setArchive("rest", of: rest.base)
  }

  public init(reading archive: PredictorArchive) throws {
    baseline = archive.archive("baseline") == nil ? nil : try archive.predictor("baseline")
    floor = try archive.doubles("floor", shape: [1])[0]
    rest = try archive.predictor("rest")
    unit = try archive.unit
  }
}
