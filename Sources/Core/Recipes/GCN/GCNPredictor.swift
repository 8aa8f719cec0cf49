import Numerics

/// A trained GCN with everything needed to predict a network's latency.
///
/// ```swift
/// try run.predictor.save(to: "latency.safetensors")
/// let predictor = try openPredictor("latency.safetensors")
/// let milliseconds = try predictor.predict([graph])[0]
/// ```
public struct GCNPredictor: StorablePredictor {
  public static let family = "gcn"

  public let network: GCN
  /// The encoding of networks for `network`.
  public let encoding: GraphEncoding
  /// The scale by which the outputs of `network` become a latency.
  public let scale: TargetScale
  /// The meaning of the outputs of `network`.
  public var head: OutputHead { severalOutputs ?? .value }
  /// Nil for one output, so that stored predictors with one output have the same form as in earlier versions.
  private let severalOutputs: OutputHead?
  public let unit: String
  public let device: Device

  /// - Precondition: The network has the number of outputs that `head` needs.
  public init(
    network: GCN, encoding: GraphEncoding, scale: TargetScale, head: OutputHead = .value, unit: String, device: Device
  ) {
    precondition(network.outputCount == head.count)
    self.network = network
    self.encoding = encoding
    self.scale = scale
    severalOutputs = head == .value ? nil : head
    self.unit = unit
    self.device = device
  }

  /// The latency of each graph, in `unit`.
  ///
  /// - Throws: `InputError` when a graph has an operation that no training graph had.
  public func predict(_ graphs: [NetworkGraph]) throws -> [Double] {
    try estimates(encoding.encode(graphs)).map(\.latency)
  }

  public func estimate(_ graphs: [NetworkGraph]) throws -> [LatencyEstimate] { try estimate(GraphBatch(graphs)) }

  public func estimate(_ batch: GraphBatch) throws -> [LatencyEstimate] {
    let encoded = try batch.shared(encoding) { try encoding.encode(batch.graphs) }
    return try estimates(encoded)
  }

  private func estimates(_ encoded: EncodedGraphs) throws -> [LatencyEstimate] {
    head.estimates(try network.outputs(for: encoded), scale: scale)
  }

  /// Writes the weights as tensors under the names of `GCN.tensors`.
  public func write(to archive: inout PredictorArchive) throws {
    try archive.set("configuration", to: network.configuration)
    try archive.set("encoding", to: encoding)
    try archive.set("scale", to: scale)
    if head != .value { try archive.set("head", to: head) }
    for (name, shape, range) in network.tensors {
      archive.setTensor(name, Array(network.parameters[range]), shape: shape)
    }
  }

  public init(reading archive: PredictorArchive) throws {
    try self.init(reading: archive, unit: archive.unit, device: archive.device)
  }

  /// Reads everything except unit and device.
  init(reading archive: PredictorArchive, unit: String, device: Device) throws {
    let configuration: GCN.Configuration = try archive.value("configuration")
    let encoding: GraphEncoding = try archive.value("encoding")
    scale = try archive.value("scale")
    let head: OutputHead = try archive.value(ifPresent: "head") ?? .value
    severalOutputs = head == .value ? nil : head
    network = try archive.checking {
      try configuration.validate()
      var parameters: [Float] = []
      for (name, shape, _) in GCNParameters(
        configuration, featureCount: encoding.featureCount, outputCount: head.count
      ).tensors {
        parameters += try archive.singles(name, shape: shape)
      }
      return try GCN(
        configuration, featureCount: encoding.featureCount, outputCount: head.count, parameters: parameters)
    }
    self.encoding = encoding
    self.unit = unit
    self.device = device
  }
}
