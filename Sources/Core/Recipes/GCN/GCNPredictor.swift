import Numerics

/// A trained GCN with all that it takes to ask it about a network.
///
/// ```swift
/// try run.predictor.save(to: "latency.safetensors")
/// let predictor = try openPredictor("latency.safetensors")
/// let milliseconds = try predictor.predict([graph])[0]
/// ```
public struct GCNPredictor: StorablePredictor {
  public static let family = "gcn"

  public let network: GCN
  /// How a network becomes what `network` reads.
  public let encoding: GraphEncoding
  /// How the outputs of `network` become a latency.
  public let scale: TargetScale
  /// What the outputs of `network` are.
  public let head: OutputHead
  public let unit: String
  public let device: Device

  /// - Precondition: The network has as many outputs as `head`.
  public init(
    network: GCN, encoding: GraphEncoding, scale: TargetScale, head: OutputHead = .value, unit: String, device: Device
  ) {
    precondition(network.outputCount == head.count)
    self.network = network
    self.encoding = encoding
    self.scale = scale
    self.head = head
    self.unit = unit
    self.device = device
  }

  /// A latency for each graph, in `unit`.
  ///
  /// - Throws: `InputError` when a graph has an operation that the training part had not.
  public func predict(_ graphs: [NetworkGraph]) throws -> [Double] {
    try estimates(encoding.encode(graphs)).map(\.latency)
  }

  public func estimate(_ batch: GraphBatch) throws -> [LatencyEstimate] {
    let encoded = try batch.shared(encoding) { try encoding.encode(batch.graphs) }
    return try estimates(encoded)
  }

  private func estimates(_ encoded: EncodedGraphs) throws -> [LatencyEstimate] {
    head.estimates(try network.outputs(for: encoded), scale: scale)
  }

  /// The weights are tensors under the names of `GCN.tensors`.
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

  /// Reads all but unit and device.
  init(reading archive: PredictorArchive, unit: String, device: Device) throws {
    let configuration: GCN.Configuration = try archive.value("configuration")
    let encoding: GraphEncoding = try archive.value("encoding")
    scale = try archive.value("scale")
    let head: OutputHead = try archive.value(ifPresent: "head") ?? .value
    self.head = head
    do {
      try configuration.validate()
      var parameters: [Float] = []
      for (name, shape, _) in GCNParameters(
        configuration, featureCount: encoding.featureCount, outputCount: head.count
      ).tensors {
        parameters += try archive.singles(name, shape: shape)
      }
      network = try GCN(
        configuration, featureCount: encoding.featureCount, outputCount: head.count, parameters: parameters)
    } catch let error as InputError where error.place == nil {
      throw archive.damage(error.cause, remedy: error.remedy ?? "Save the predictor again.")
    }
    self.encoding = encoding
    self.unit = unit
    self.device = device
  }
}
