import Foundation
import Numerics

/// A baseline for few-shot transfer by linear algebra alone, with the same measurements that learned methods get.
///
/// Pretraining fits the logarithm of each known device's latency by ridge regression on the node at each place, from
/// at most 900 networks. The logarithm of a new device's latency is the sum of a ridge regression on these fits and
/// one of the rest on the node at each place. Both penalties minimise the leave-one-out error. A method that isn't
/// better than this isn't worth its training.
///
/// ```swift
/// let known = try AdditiveTransfer().pretrain(on: sources)
/// let fit = try known.fit(to: newDevice, split: split)
/// ```
public struct AdditiveTransfer: TransferRecipe {
  public typealias Predictor = AdditiveTransferPredictor

  /// The greatest number of networks of each known device to learn from.
  public var networksPerDevice: Int
  /// The seed of the choice of these networks.
  public var seed: UInt64
  private(set) var known: KnownAdditiveDevices?

  public init(networksPerDevice: Int = 900, seed: UInt64 = TrainingContext.current.seed) {
    self.networksPerDevice = networksPerDevice
    self.seed = seed
  }

  /// Fitting takes no time, so results are not stored.
  public var keepsResults: Bool { false }

  public func reseeded(by offset: UInt64) -> AdditiveTransfer {
    var result = self
    result.seed &+= offset
    return result
  }

  /// - Throws: `InputError` when there are no devices, one has no measurements, or a setting is invalid.
  public func pretrain(on data: LatencyData, in context: TrainingContext) throws -> AdditiveTransfer {
    try data.requireDevices()
    guard networksPerDevice >= 1 else {
      throw InputError(
        "additive transfer can't learn from \(networksPerDevice) networks of each device", remedy: "Use at least 1.")
    }
    var result = self
    result.known = try KnownAdditiveDevices(data, networks: networksPerDevice, seed: seed)
    return result
  }

  /// - Throws: `InputError` before pretraining, and when units or networks differ from those of the known devices.
  public func learn(from data: Dataset, split: Split, in context: TrainingContext) throws -> Fit<AdditiveTransfer> {
    guard let known else { throw InputError.notPretrained() }
    try data.requireUnit(known.unit)
    let samples = data[split.training]
    try samples.requirePositiveLatencies(for: "additive transfer needs")
    return Fit(
      self,
      AdditiveTransferPredictor(
        columns: known.columns,
        function: try known.transferred(
          samples.graphs, logarithms: samples.latencies.map { CorrectlyRounded.log($0) }),
        unit: data.unit, device: data.measuredOn))
  }
}

/// An additive function for each known device.
struct KnownAdditiveDevices: Codable, Hashable, Sendable {
  let columns: AdditiveColumns
  let functions: [AdditiveFunction]
  /// The standard deviation of each function over all networks.
  let deviations: [Double]
  let unit: String

  init(_ data: LatencyData, networks: Int, seed: UInt64) throws {
    let columns = try AdditiveColumns(data.graphs)
    let rows = try columns.rows(of: data.graphs)
    let functions = try data.devices.enumerated().map { number, device in
      let measured = try data.measurements(on: device.name)
      var random = SeededGenerator(seed: seed &+ UInt64(number))
      let chosen = measured.indices.filter { measured[$0] != nil }.shuffled(using: &random).prefix(networks)
      return try CentredRidge.fit(
        chosen.map { rows[$0] }, chosen.compactMap { measured[$0].map { CorrectlyRounded.log($0.latency) } },
        penalty: 1)
    }
    self.columns = columns
    self.functions = functions
    deviations = functions.map { function in
      let values = rows.map { function.value($0) }
      let mean = values.reduce(0, +) / Double(values.count)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
      return max(variance.squareRoot(), 1e-9)
    }
    unit = data.unit
  }

  /// The sum of both regressions, as one function of the columns.
  func transferred(_ graphs: [NetworkGraph], logarithms: [Double]) throws -> AdditiveFunction {
    let rows = try columns.rows(of: graphs)
    let known = rows.map { row in zip(functions, deviations).map { $0.value(row) / $1 } }
    let (first, _) = try CentredRidge.choose(known, logarithms, penalties: [1e-3, 1e-2, 0.1, 1, 10])
    let rest = zip(known, logarithms).map { $1 - first.value($0) }
    let (second, _) = try CentredRidge.choose(rows, rest, penalties: [1, 3, 10, 30, 100, 1e9])
    var result = AdditiveFunction(intercept: first.intercept + second.intercept, prices: second.prices)
    for (number, function) in functions.enumerated() {
      let factor = first.prices[number] / deviations[number]
      result.intercept += factor * function.intercept
      for column in result.prices.indices { result.prices[column] += factor * function.prices[column] }
    }
    return result
  }
}

/// The exponential of an additive function of the node at each place.
public struct AdditiveTransferPredictor: StorablePredictor {
  public static let family = "additive-transfer"

  let columns: AdditiveColumns
  let function: AdditiveFunction
  public let unit: String
  public let device: Device

  init(columns: AdditiveColumns, function: AdditiveFunction, unit: String, device: Device) {
    self.columns = columns
    self.function = function
    self.unit = unit
    self.device = device
  }

  /// Warnings for the user: how networks are compared if not node by node.
  public var warnings: [String] { columns.features.warning.map { [$0] } ?? [] }

  /// A warning for each node with an operation that no known network has, if networks are compared node by node.
  public func warnings(for graphs: [NetworkGraph]) -> [PredictionWarning] { columns.features.warnings(for: graphs) }

  public func predict(_ graphs: [NetworkGraph]) throws -> [Double] {
    try columns.rows(of: graphs).map { CorrectlyRounded.exp(function.value($0)) }
  }

  public func write(to archive: inout PredictorArchive) throws {
    try archive.set("columns", to: columns)
    archive.setTensor("prices", function.prices)
    archive.setTensor("intercept", [function.intercept])
  }

  public init(reading archive: PredictorArchive) throws {
    columns = try archive.value("columns")
    function = AdditiveFunction(
      intercept: try archive.doubles("intercept", shape: [1])[0],
      prices: try archive.doubles("prices", shape: [columns.count]))
    unit = try archive.unit
    device = try archive.device
  }
}
