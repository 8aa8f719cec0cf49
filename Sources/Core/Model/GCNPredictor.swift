/// A trained GCN with all that it takes to ask it about a network.
///
/// ```swift
/// try run.predictor.save(to: "latency.safetensors")
/// let predictor = try GCNPredictor(contentsOf: "latency.safetensors")
/// let milliseconds = try predictor.predict([graph])[0]
/// ```
public struct GCNPredictor: LatencyPredictor, Codable, Hashable {
  public let network: GCN
  /// How a network becomes what `network` reads.
  public let encoding: GraphEncoding
  /// How what `network` gives becomes a latency, or its ratio to the baseline.
  public let scale: TargetScale
  /// What that is multiplied by; nil for 1.
  public let baseline: PositiveBaseline?
  /// Of the latencies.
  public let unit: String
  /// On which the latencies were measured.
  public let device: String

  public init(
    network: GCN, encoding: GraphEncoding, scale: TargetScale, baseline: PositiveBaseline? = nil, unit: String,
    device: String
  ) {
    self.network = network
    self.encoding = encoding
    self.scale = scale
    self.baseline = baseline
    self.unit = unit
    self.device = device
  }

  /// A latency for each graph, in `unit`.
  ///
  /// - Throws: `InputError` when a graph has an operation that the training part had not.
  public func predict(_ graphs: [NetworkGraph]) throws -> [Double] {
    try predict(graphs, encoded: encoding.encode(graphs))
  }

  /// The same where the graphs have been encoded, by an encoding equal to this one.
  func predict(_ graphs: [NetworkGraph], encoded: EncodedGraphs) throws -> [Double] {
    let ratios = try network.outputs(for: encoded).map { scale.unscaled(Double($0)) }
    guard let baseline else { return ratios }
    return zip(ratios, try baseline.predict(graphs)).map(*)
  }
}
