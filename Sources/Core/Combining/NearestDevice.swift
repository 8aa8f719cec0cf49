import Foundation
import Numerics

/// Predicts with the known device that agrees best with a few samples of a new one, times a constant. Transfer
/// methods should be better than this baseline.
///
/// Pretraining fits a recipe to each source device. For each source, let y_i be the measured latencies of the new
/// device's samples and p_i the source's predictions. The source with the least standard deviation of log(y_i / p_i)
/// is chosen (the first of equal ones), and the constant is exp of their mean. One sample can't tell the sources
/// apart, so that the first one is chosen.
///
/// ```swift
/// let known = try NearestDevice(LinearRegression()).pretrain(on: sources)
/// let fit = try known.fit(to: newDevice, split: split)
/// print(fit.predictor.source, fit.predictor.factor)
/// ```
public struct NearestDevice: TransferRecipe {
  public typealias Predictor = NearestDevicePredictor

  /// The recipe that is fitted to each source device.
  public var recipe: AnyRecipe
  /// The fitted predictors of the source devices; empty before pretraining.
  public private(set) var sources: [AnyPredictor] = []

  public init(_ recipe: some Recipe = LinearRegression()) {
    self.recipe = AnyRecipe(recipe)
  }

  /// Choosing a source takes no time, so the result is not stored.
  public var keepsResults: Bool { false }

  public func reseeded(by offset: UInt64) -> NearestDevice {
    var result = self
    result.recipe = recipe.reseeded(by: offset)
    return result
  }

  /// Fits the recipe to all networks of each device.
  public func pretrain(on data: LatencyData, in context: TrainingContext) throws -> NearestDevice {
    guard !data.devices.isEmpty else {
      throw InputError("the data has no devices to learn from", remedy: "Give data of at least one device.")
    }
    var result = self
    result.sources = try data.devices.map { device in
      let column = try data[device: device.name]
      return try recipe.fit(
        to: column, split: Split(training: Array(0..<column.count), validation: [], test: []),
        label: context.label.isEmpty ? device.name : "\(context.label) \(device.name)", in: context
      ).predictor
    }
    return result
  }

  /// - Throws: `InputError` before pretraining, when every source has a prediction that is not above 0, and when
  ///   units differ.
  public func learn(from data: Dataset, split: Split, in context: TrainingContext) throws -> Fit<NearestDevice> {
    guard let first = sources.first else {
      throw InputError(
        "the recipe is not pretrained, so that it knows no devices",
        remedy: "Call pretrain(on:) with data of several devices first.")
    }
    guard first.unit == data.unit else {
      throw InputError(
        "the source devices' latencies are in \(first.unit), those of \"\(data.device)\" in \(data.unit)",
        remedy: "Load both in the same unit.")
    }
    let samples = data[split.training]
    var best: (source: AnyPredictor, mean: Double, deviation: Double)?
    for source in sources {
      let predictions = try source.predict(samples.graphs)
      guard predictions.allSatisfy({ $0 > 0 }) else { continue }
      let ratios = zip(samples.latencies, predictions).map { CorrectlyRounded.log($0 / $1) }
      let mean = ratios.reduce(0, +) / Double(ratios.count)
      let deviation = (ratios.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(ratios.count)).squareRoot()
      if deviation < best?.deviation ?? .infinity { best = (source, mean, deviation) }
    }
    guard let best else {
      throw InputError(
        "every known device predicts some latency of \"\(data.device)\" to be 0 or less",
        remedy: "Use a recipe whose predictions are above 0, such as NearestNeighbors.")
    }
    return Fit(
      self, NearestDevicePredictor(base: best.source, factor: CorrectlyRounded.exp(best.mean), device: data.measuredOn))
  }
}

/// The predictor of another device, times a constant.
public struct NearestDevicePredictor: StorablePredictor {
  public static let family = "nearest-device"

  public let base: AnyPredictor
  public let factor: Double
  public let device: Device

  init(base: AnyPredictor, factor: Double, device: Device) {
    self.base = base
    self.factor = factor
    self.device = device
  }

  /// The nearest device.
  public var source: Device { base.device }
  public var unit: String { base.unit }

  public func predict(_ graphs: [NetworkGraph]) throws -> [Double] { try base.predict(graphs).map { $0 * factor } }

  public func estimate(_ graphs: [NetworkGraph]) throws -> [LatencyEstimate] { try estimate(GraphBatch(graphs)) }

  public func estimate(_ batch: GraphBatch) throws -> [LatencyEstimate] {
    try base.estimate(batch).map { LatencyEstimate(latency: $0.latency * factor, spread: $0.spread) }
  }

  public func write(to archive: inout PredictorArchive) throws {
    archive.setTensor("factor", [factor])
    try archive.setArchive("base", of: base.base)
  }

  public init(reading archive: PredictorArchive) throws {
    factor = try archive.doubles("factor", shape: [1])[0]
    base = try archive.predictor("base")
    device = try archive.device
  }
}
