import Numerics

/// CDP's network after adaptation; see `CDP`.
public struct CDPPredictor: StorablePredictor {
  public static let family = "cdp"

  /// The settings, which determine the network's shape.
  let recipe: CDP
  let encoding: GraphEncoding
  /// The parameters, in the order of the network's layout.
  let parameters: [Float]
  let scale: LogarithmScale
  public let unit: String
  public let device: Device

  init(
    recipe: CDP, encoding: GraphEncoding, parameters: [Float], scale: LogarithmScale, unit: String, device: Device
  ) {
    self.recipe = recipe
    self.encoding = encoding
    self.parameters = parameters
    self.scale = scale
    self.unit = unit
    self.device = device
  }

  /// - Throws: `InputError` when a graph has an operation that appears in neither space.
  public func predict(_ graphs: [NetworkGraph]) throws -> [Double] {
    let network = CDPNetwork(recipe, features: encoding.featureCount)
    let vector = try ParameterVector(network.layout, values: parameters)
    return try Tape.predictions(of: graphs) { graphs, tape in
      try network.outputs(
        graphs.count, of: CDPInputs(encoded: encoding.encode(graphs), targets: 0..<0, assistants: 0..<0),
        parameters: vector, on: tape
      ).map { scale.latency(Double($0)) }
    }
  }

  public func write(to archive: inout PredictorArchive) throws {
    try archive.set("recipe", to: recipe)
    try archive.set("encoding", to: encoding)
    try archive.set("scale", to: scale)
    archive.setParameters(parameters, of: CDPNetwork(recipe, features: encoding.featureCount).layout)
  }

  public init(reading archive: PredictorArchive) throws {
    let recipe: CDP = try archive.value("recipe")
    let encoding: GraphEncoding = try archive.value("encoding")
    try archive.checking { try recipe.validate() }
    parameters = try archive.parameters(of: CDPNetwork(recipe, features: encoding.featureCount).layout)
    self.recipe = recipe
    self.encoding = encoding
    scale = try archive.value("scale")
    unit = try archive.unit
    device = try archive.device
  }
}
