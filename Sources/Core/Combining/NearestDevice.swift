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
  ///
  /// - Throws: `InputError` when there are no devices, or one has no measurements, and the errors of the recipe.
  public func pretrain(on data: LatencyData, in context: TrainingContext) throws -> NearestDevice {
    try data.requireDevices()
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

  /// - Throws: `InputError` before pretraining, when every source has a prediction that is not above 0, when a latency
  ///   is not above 0, and when units differ.
  public func learn(from data: Dataset, split: Split, in context: TrainingContext) throws -> Fit<NearestDevice> {
    guard let first = sources.first else { throw InputError.notPretrained() }
    try data.requireUnit(first.unit)
    let samples = data[split.training]
    try samples.requirePositiveLatencies(for: "the nearest device needs")
    let predictions = try sources.map { try $0.predict(samples.graphs) }
    guard let nearest = NearestSource(of: predictions, measured: samples.latencies) else {
      throw InputError.everySourcePredictsZero(
        data, remedy: "Use a recipe whose predictions are above 0, such as NearestNeighbors.")
    }
    return Fit(
      self,
      NearestDevicePredictor(base: sources[nearest.index], factor: nearest.factor, device: data.measuredOn))
  }
}

/// The predictor of another device, times a constant.
public struct NearestDevicePredictor: BatchPredictor {
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
  public var warnings: [String] { base.warnings }
  public func warnings(for graphs: [NetworkGraph]) -> [PredictionWarning] { base.warnings(for: graphs) }

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
