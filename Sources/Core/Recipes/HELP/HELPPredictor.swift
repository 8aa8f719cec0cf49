import Numerics

/// HELP's network after it has been adapted to a device.
public struct HELPPredictor: StorablePredictor {
  public static let family = "help"

  /// The settings, which determine the network's shape.
  let recipe: HELP
  let encoding: GraphEncoding
  /// The parameters, in the order of the network's layout.
  let parameters: [Float]
  /// The reference networks' latencies on the device, scaled.
  let embedding: [Double]
  let scale: LogarithmScale
  public let unit: String
  public let device: Device

  init(
    recipe: HELP, encoding: GraphEncoding, parameters: [Float], embedding: [Double], scale: LogarithmScale,
    unit: String, device: Device
  ) {
    self.recipe = recipe
    self.encoding = encoding
    self.parameters = parameters
    self.embedding = embedding
    self.scale = scale
    self.unit = unit
    self.device = device
  }

  /// - Throws: `InputError` when a graph has an operation that no known graph had.
  public func predict(_ graphs: [NetworkGraph]) throws -> [Double] {
    let model = try prepared()
    return try Tape.predictions(of: graphs) { try latencies(encoding.encode($0), model, on: $1) }
  }

  public func estimate(_ batch: GraphBatch) throws -> [LatencyEstimate] {
    let encoded = try batch.shared(encoding) { try encoding.encode(batch.graphs) }
    let tape = Tape(threads: TrainingContext.current.threads)
    return try latencies(encoded, prepared(), on: tape).map { LatencyEstimate(latency: $0) }
  }

  /// The network, and its parameters in the form that tapes need.
  private func prepared() throws -> (network: HELPNetwork, parameters: ParameterVector) {
    let network = HELPNetwork(recipe, features: encoding.featureCount)
    return (network, try ParameterVector(network.layout, values: parameters))
  }

  private func latencies(
    _ encoded: EncodedGraphs, _ model: (network: HELPNetwork, parameters: ParameterVector), on tape: Tape
  ) throws -> [Double] {
    try tape.inParts(of: encoded.count, atOnce: Tape.samplesAtOnce) { part, tape in
      let rows = GraphRows(part, of: encoded, on: tape)
      return try model.network.outputs(rows, device: embedding, tape.bind(model.parameters)).values.map {
        scale.latency($0)
      }
    }
  }

  public func write(to archive: inout PredictorArchive) throws {
    try archive.set("recipe", to: recipe)
    try archive.set("encoding", to: encoding)
    archive.setTensor("embedding", embedding)
    try archive.set("scale", to: scale)
    archive.setParameters(parameters, of: HELPNetwork(recipe, features: encoding.featureCount).layout)
  }

  public init(reading archive: PredictorArchive) throws {
    let recipe: HELP = try archive.value("recipe")
    let encoding: GraphEncoding = try archive.value("encoding")
    try archive.checking { try recipe.validate() }
    parameters = try archive.parameters(of: HELPNetwork(recipe, features: encoding.featureCount).layout)
    embedding = try archive.doubles("embedding", shape: [recipe.references])
    self.recipe = recipe
    self.encoding = encoding
    scale = try archive.value("scale")
    unit = try archive.unit
    device = try archive.device
  }
}
