/// A known device's linear model times a factor, plus a correction: see `AdaProxy`.
public struct AdaProxyPredictor: StorablePredictor {
  public static let family = "ada-proxy"

  let features: PlaceFeatures
  let proxy: PlaceModel
  /// The factor of the known device's latencies.
  public let factor: Double
  let correction: PlaceModel
  /// The lower bound of predictions: a tenth of the least measured latency.
  let floor: Double
  /// The known device.
  public let source: Device
  public let unit: String
  public let device: Device

  init(
    features: PlaceFeatures, proxy: PlaceModel, factor: Double, correction: PlaceModel, floor: Double, source: Device,
    unit: String, device: Device
  ) {
    self.features = features
    self.proxy = proxy
    self.factor = factor
    self.correction = correction
    self.floor = floor
    self.source = source
    self.unit = unit
    self.device = device
  }

  /// - Throws: `InputError` when a graph has an operation or a number of nodes that no known graph had.
  public func predict(_ graphs: [NetworkGraph]) throws -> [Double] {
    try features.rows(of: graphs).map { max(factor * proxy.value($0) + correction.value($0), floor) }
  }

  public func write(to archive: inout PredictorArchive) throws {
    try archive.set("features", to: features)
    try archive.set("proxy", to: proxy)
    try archive.set("correction", to: correction)
    archive.setTensor("factor", [factor, floor])
    try archive.set("source", to: source)
  }

  public init(reading archive: PredictorArchive) throws {
    features = try archive.value("features")
    proxy = try archive.value("proxy")
    correction = try archive.value("correction")
    let numbers = try archive.doubles("factor", shape: [2])
    factor = numbers[0]
    floor = numbers[1]
    source = try archive.value("source")
    unit = try archive.unit
    device = try archive.device
    guard proxy.reads(features.width), correction.reads(features.width) else {
      throw archive.damage("a model has another number of inputs than there are features")
    }
  }
}
