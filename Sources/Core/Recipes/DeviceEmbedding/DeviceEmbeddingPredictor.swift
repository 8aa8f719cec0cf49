import Numerics

/// A network with known devices' vectors, after adaptation to another device.
public struct DeviceEmbeddingPredictor<Method: DeviceEmbeddingRecipe>: StorablePredictor {
  public static var family: String { Method.family }

  /// The settings, which determine the network's shape.
  let recipe: Method
  let encoding: GraphEncoding
  /// The names of the known devices.
  public let known: [String]
  /// The known device whose vector was the initial vector of the new device.
  public let source: String
  /// Whether no sample could tell the known devices apart. Nil means no, so that other stored predictors have the same
  /// form as in earlier versions.
  private let isSourceByDefault: Bool?
  /// The parameters, in the order of the network's layout.
  let parameters: [Float]
  let scale: LogarithmScale
  public let unit: String
  public let device: Device

  init(
    recipe: Method, encoding: GraphEncoding, known: [String], source: String, isSourceByDefault: Bool,
    parameters: [Float], scale: LogarithmScale, unit: String, device: Device
  ) {
    self.recipe = recipe
    self.encoding = encoding
    self.known = known
    self.source = source
    self.isSourceByDefault = isSourceByDefault ? true : nil
    self.parameters = parameters
    self.scale = scale
    self.unit = unit
    self.device = device
  }

  /// A warning if the samples couldn't tell which known device is the most similar.
  public var warnings: [String] {
    guard isSourceByDefault == true else { return [] }
    return [
      "the order of the samples of \"\(device)\" doesn't tell which known device is the most similar, because there is "
        + "only one sample, all are equal, or all are predicted alike: training began with the first one, \"\(source)\""
    ]
  }

  private var network: Method.Network {
    recipe.makeNetwork(features: encoding.featureCount, devices: known.count)
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
  private func prepared() throws -> (model: DeviceModel<Method.Network>, parameters: ParameterVector) {
    let model = DeviceModel(network: network)
    return (model, try ParameterVector(model.layout, values: parameters))
  }

  private func latencies(
    _ encoded: EncodedGraphs, _ model: (model: DeviceModel<Method.Network>, parameters: ParameterVector), on tape: Tape
  ) throws -> [Double] {
    let all = Array(0..<encoded.count)
    return try model.model.outputs(
      encoded.count, of: DevicePairs(encoded: encoded, graphs: all, devices: all.map { _ in known.count }),
      parameters: model.parameters, on: tape
    ).map { scale.latency(Double($0)) }
  }

  public func write(to archive: inout PredictorArchive) throws {
    try archive.set("recipe", to: recipe)
    try archive.set("encoding", to: encoding)
    try archive.set("known", to: known)
    try archive.set("source", to: source)
    if let isSourceByDefault { try archive.set("isSourceByDefault", to: isSourceByDefault) }
    try archive.set("scale", to: scale)
    archive.setParameters(parameters, of: network.layout)
  }

  public init(reading archive: PredictorArchive) throws {
    let recipe: Method = try archive.value("recipe")
    let encoding: GraphEncoding = try archive.value("encoding")
    let known: [String] = try archive.value("known")
    try archive.checking { try recipe.validate() }
    parameters = try archive.parameters(
      of: recipe.makeNetwork(features: encoding.featureCount, devices: known.count).layout)
    self.recipe = recipe
    self.encoding = encoding
    self.known = known
    source = try archive.value("source")
    isSourceByDefault = try archive.value(ifPresent: "isSourceByDefault")
    scale = try archive.value("scale")
    unit = try archive.unit
    device = try archive.device
  }
}
