import Numerics

/// AdaProxy (Lu and others, SIGMETRICS 2022): the linear model of one known device, corrected by a few samples of the
/// new device.
///
/// Pretraining fits a linear model w to each known device. For a new device the known device is chosen whose
/// predictions, times a factor s, agree best with the samples. A second, small linear model d is fitted to the rest:
///
///     minimise  mean of ((y - s (x w) - x d) / y')^2 + penalty * sum of (deviation * d / m)^2
///
/// by Huber's loss, where y' is the greater one of y and s (x w), and m the median of y'. The features x are the
/// operation at each place, one-hot, if all networks have the same number of nodes and differ in their operations
/// alone, as cells and supernets do. Otherwise they are the sums of `OperationTerm`.
///
/// ```swift
/// let known = try AdaProxy().pretrain(on: sources)
/// let fit = try known.fit(to: newDevice, split: split)
/// print(fit.predictor.source, fit.predictor.factor)
/// ```
///
/// The relative error, and the choice of the device by the deviation of log(y / x w), are Labbook's own.
public struct AdaProxy: TransferRecipe {
  public typealias Predictor = AdaProxyPredictor

  /// The regularisation of the correction, which is positive.
  public var penalty: Double
  /// The linear model of each known device; empty before pretraining.
  public private(set) var sources: [Source] = []
  private(set) var features: PlaceFeatures?

  /// A known device's linear model.
  public struct Source: Codable, Hashable, Sendable {
    public let device: Device
    let unit: String
    let model: PlaceModel
  }

  public init(penalty: Double = 0.03) {
    self.penalty = penalty
  }

  /// Learning takes no time, so results are not stored.
  public var keepsResults: Bool { false }

  /// - Throws: `InputError` when there are no devices, one has no measurements, or the penalty isn't above 0.
  public func pretrain(on data: LatencyData, in context: TrainingContext) throws -> AdaProxy {
    try validate()
    try data.requireDevices()
    var result = self
    let features = try PlaceFeatures(data.graphs)
    result.features = features
    result.sources = try data.devices.map { device in
      let column = try data[device: device.name]
      return Source(
        device: device, unit: data.unit,
        model: try PlaceModel(
          rows: features.rows(of: column.graphs), targets: column.latencies, latencies: column.latencies, penalty: 1e-6)
      )
    }
    return result
  }

  /// - Throws: `InputError` before pretraining, when units differ, when a latency is not above 0, and when every source
  ///   predicts some latency to be 0 or less.
  public func learn(from data: Dataset, split: Split, in context: TrainingContext) throws -> Fit<AdaProxy> {
    try validate()
    guard let features, let first = sources.first else { throw InputError.notPretrained("AdaProxy") }
    try data.requireUnit(first.unit)
    let samples = data[split.training]
    try samples.requirePositiveLatencies(for: "AdaProxy needs")
    let rows = try features.rows(of: samples.graphs)
    let predictions = sources.map { rows.map($0.model.value) }
    guard let nearest = NearestSource(of: predictions, measured: samples.latencies) else {
      throw InputError.everySourcePredictsZero(
        data, remedy: "Use networks similar to those measured on the known devices.")
    }
    let (source, factor) = (sources[nearest.index], nearest.factor)
    let proxied = rows.map { factor * source.model.value($0) }
    // A latency that was measured much too short must not count more than others.
    let scales = zip(samples.latencies, proxied).map { max($0, $1) }
    let rest = zip(samples.latencies, proxied).map { $0 - $1 }
    let correction = try PlaceModel(rows: rows, targets: rest, latencies: scales, penalty: penalty)
    let leastMeasured = samples.latencies.reduce(.infinity, min)
    return Fit(
      self,
      AdaProxyPredictor(
        features: features, proxy: source.model, factor: factor, correction: correction, floor: leastMeasured / 10,
        source: source.device, unit: data.unit, device: data.measuredOn))
  }

  private func validate() throws {
    if !(penalty > 0 && penalty.isFinite) {
      throw InputError("the penalty is \(penalty)", remedy: "It must be a positive number, such as 0.03.")
    }
  }
}
