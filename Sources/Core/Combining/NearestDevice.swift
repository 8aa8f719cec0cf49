import Foundation
import Numerics

/// The known device that agrees best with a few samples of a new one, times a constant: the control that transfer has
/// to beat.
///
/// Pretraining fits a recipe to each source device. Of the samples of the new device, y_i measured and p_i what a
/// source's predictor gives, the source is taken whose log(y_i / p_i) have the least standard deviation, of equal ones
/// the first; the constant is exp of their mean. With one sample the sources can't be told apart, and the first is
/// taken.
///
/// ```swift
/// let known = try NearestDevice(LinearRegression()).pretrain(on: sources)
/// let fit = try known.fit(to: newDevice, split: split)
/// print(fit.predictor.source, fit.predictor.factor)
/// ```
public struct NearestDevice: TransferRecipe {
  public typealias Predictor = NearestDevicePredictor

  /// What is fitted to each source device.
  public var recipe: AnyRecipe
  /// What it gave for each source device; empty before pretraining.
  public private(set) var sources: [AnyPredictor] = []

  public init(_ recipe: some Recipe = LinearRegression()) {
    self.recipe = AnyRecipe(recipe)
  }

  /// Choosing takes no time.
  public var keepsResults: Bool { false }

  public func reseeded(by offset: UInt64) -> NearestDevice {
    var result = self
    result.recipe = recipe.reseeded(by: offset)
    return result
  }

  /// Learns from all networks of each device.
  public func pretrain(on data: LatencyData, in context: TrainingContext) throws -> NearestDevice {
    guard !data.devices.isEmpty else {
      throw InputError("there are no devices to learn from", remedy: "Give data of at least one device.")
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

  /// - Throws: `InputError` before pretraining, when a prediction of every source is not above 0, and when units
  ///   differ.
  public func learn(from data: Dataset, split: Split, in context: TrainingContext) throws -> Fit<NearestDevice> {
    guard let first = sources.first else {
      throw InputError(
        "no device is known yet that could be the nearest",
        remedy: "Call pretrain(on:) with data of some devices first.")
    }
    guard first.unit == data.unit else {
      throw InputError(
        "the known devices' latencies are in \(first.unit), those of \"\(data.device)\" in \(data.unit)",
        remedy: "Load both in one unit.")
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
        remedy: "Use a recipe that gives latencies above 0, such as NearestNeighbors.")
    }
    return Fit(
      self, NearestDevicePredictor(base: best.source, factor: CorrectlyRounded.exp(best.mean), device: data.measuredOn))
  }
}

/// What another device's predictor gives, times a constant.
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

  /// The device that was found to be the nearest.
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
