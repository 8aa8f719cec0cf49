import Numerics

/// A trained graph network with everything needed to predict a network's latency.
public struct GraphNetworkPredictor<Method: GraphNetworkRecipe>: StorablePredictor {
  public static var family: String { Method.family }

  /// The settings, which determine the network's shape.
  public let recipe: Method
  public let encoding: Method.Encoding
  /// The parameters, in the order of the network's layout.
  let parameters: [Float]
  /// The scale by which the network's output becomes a latency.
  public let scale: TargetScale
  /// The function by which the output becomes a latency if it is only a rank; else nil.
  public let ranks: IsotonicCalibration?
  public let unit: String
  public let device: Device

  init(
    recipe: Method, encoding: Method.Encoding, parameters: [Float], scale: TargetScale, ranks: IsotonicCalibration?,
    unit: String, device: Device
  ) {
    self.recipe = recipe
    self.encoding = encoding
    self.parameters = parameters
    self.scale = scale
    self.ranks = ranks
    self.unit = unit
    self.device = device
  }

  private var network: Method.Network { recipe.makeNetwork(features: encoding.featureCount) }

  /// - Throws: `InputError` when a graph has an operation that no training graph had.
  public func predict(_ graphs: [NetworkGraph]) throws -> [Double] {
    try outputs(graphs).map(latency)
  }

  public func estimate(_ batch: GraphBatch) throws -> [LatencyEstimate] {
    let encoded = try batch.shared(encoding) { try encoding.encode(batch.graphs) }
    let tape = Tape(threads: TrainingContext.current.threads)
    return try outputs(encoded, prepared(), on: tape).map { LatencyEstimate(latency: latency($0)) }
  }

  /// The network's output for each graph before it becomes a latency. It is greater for slower networks.
  public func outputs(_ graphs: [NetworkGraph]) throws -> [Double] {
    let model = try prepared()
    return try Tape.predictions(of: graphs) { try outputs(encoding.encode($0), model, on: $1) }
  }

  /// The network, and its parameters in the form that tapes need.
  private func prepared() throws -> (network: Method.Network, parameters: ParameterVector) {
    let network = network
    return (network, try ParameterVector(network.layout, values: parameters))
  }

  private func outputs(
    _ encoded: EncodedGraphs, _ model: (network: Method.Network, parameters: ParameterVector), on tape: Tape
  ) throws -> [Double] {
    try GraphNetworkModel(network: model.network).outputs(
      encoded.count, of: encoded, parameters: model.parameters, on: tape
    ).map(Double.init)
  }

  private func latency(_ output: Double) -> Double { ranks?.latency(of: output) ?? scale.unscaled(output) }

  public func write(to archive: inout PredictorArchive) throws {
    try archive.set("recipe", to: recipe)
    try archive.set("encoding", to: encoding)
    try archive.set("scale", to: scale)
    if let ranks { try archive.set("ranks", to: ranks) }
    archive.setParameters(parameters, of: network.layout)
  }

  public init(reading archive: PredictorArchive) throws {
    let recipe: Method = try archive.value("recipe")
    let encoding: Method.Encoding = try archive.value("encoding")
    // The content of a damaged file is checked before memory is allocated for it.
    try archive.checking { try recipe.validate() }
    parameters = try archive.parameters(of: recipe.makeNetwork(features: encoding.featureCount).layout)
    self.recipe = recipe
    self.encoding = encoding
    scale = try archive.value("scale")
    ranks = try archive.value(ifPresent: "ranks")
    unit = try archive.unit
    device = try archive.device
  }
}
