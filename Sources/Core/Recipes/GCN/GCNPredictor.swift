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
  /// How the output of `network` becomes a latency.
  public let scale: TargetScale
  public let unit: String
  public let device: Device

  public init(network: GCN, encoding: GraphEncoding, scale: TargetScale, unit: String, device: Device) {
    self.network = network
    self.encoding = encoding
    self.scale = scale
    self.unit = unit
    self.device = device
  }

  /// A latency for each graph, in `unit`.
  ///
  /// - Throws: `InputError` when a graph has an operation that the training part had not.
  public func predict(_ graphs: [NetworkGraph]) throws -> [Double] {
    try latencies(encoding.encode(graphs))
  }

  public func estimate(_ batch: GraphBatch) throws -> [LatencyEstimate] {
    let encoded = try batch.shared(encoding) { try encoding.encode(batch.graphs) }
    return try latencies(encoded).map { LatencyEstimate(latency: $0) }
  }

  private func latencies(_ encoded: EncodedGraphs) throws -> [Double] {
    try network.outputs(for: encoded).map { scale.unscaled(Double($0)) }
  }

  /// The weights are tensors under the names of `GCN.tensors`.
  public func write(to archive: inout PredictorArchive) throws {
    try archive.set("configuration", to: network.configuration)
    try archive.set("encoding", to: encoding)
    try archive.set("scale", to: scale)
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
    do {
      try configuration.validate()
      var parameters: [Float] = []
      for (name, shape, _) in GCNParameters(configuration, featureCount: encoding.featureCount).tensors {
        parameters += try archive.singles(name, shape: shape)
      }
      network = try GCN(configuration, featureCount: encoding.featureCount, parameters: parameters)
    } catch let error as InputError where error.place == nil {
      throw archive.damage(error.cause, remedy: error.remedy ?? "Save the predictor again.")
    }
    self.encoding = encoding
    self.unit = unit
    self.device = device
  }
}
