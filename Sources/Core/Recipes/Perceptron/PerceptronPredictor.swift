import Numerics

/// A trained perceptron with everything needed to predict a network's latency: see `Perceptron`.
public struct PerceptronPredictor: StorablePredictor {
  public static let family = "perceptron"

  let features: NetworkFeatures
  let model: PerceptronModel
  /// The parameters, in the order of the model's layout.
  let parameters: [Float]
  /// The scale by which the model's output becomes a latency.
  public let scale: TargetScale
  /// The meaning of the model's outputs.
  public var head: OutputHead { severalOutputs ?? .value }
  /// Nil for one output, so that stored predictors with one output have the same form as in earlier versions.
  private let severalOutputs: OutputHead?
  public let unit: String
  public let device: Device

  init(
    features: NetworkFeatures, model: PerceptronModel, parameters: [Float], scale: TargetScale,
    head: OutputHead = .value, unit: String, device: Device
  ) {
    self.features = features
    self.model = model
    self.parameters = parameters
    self.scale = scale
    severalOutputs = head == .value ? nil : head
    self.unit = unit
    self.device = device
  }

  /// - Throws: `InputError` when a graph has an operation that no training graph had.
  public func predict(_ graphs: [NetworkGraph]) throws -> [Double] {
    try estimates(features.rows(of: graphs)).map(\.latency)
  }

  public func estimate(_ graphs: [NetworkGraph]) throws -> [LatencyEstimate] { try estimate(GraphBatch(graphs)) }

  public func estimate(_ batch: GraphBatch) throws -> [LatencyEstimate] {
    let rows = try batch.shared(features) { try features.rows(of: batch.graphs) }
    return try estimates(rows)
  }

  private func estimates(_ rows: SampleRows) throws -> [LatencyEstimate] {
    let vector = try ParameterVector(model.layout, values: parameters)
    let outputs = try model.outputs(
      rows.count, of: rows, parameters: vector, on: Tape(threads: TrainingContext.current.threads))
    return head.estimates(outputs, scale: scale)
  }

  public func write(to archive: inout PredictorArchive) throws {
    try archive.set("features", to: features)
    try archive.set("model", to: model)
    try archive.set("scale", to: scale)
    if head != .value { try archive.set("head", to: head) }
    archive.setParameters(parameters, of: model.layout)
  }

  public init(reading archive: PredictorArchive) throws {
    features = try archive.value("features")
    let model: PerceptronModel = try archive.value("model")
    // The content of a damaged file is checked before it is used in products.
    _ = try PerceptronModel(
      inputs: features.terms.count, hiddenUnits: model.hiddenUnits, layerNorm: model.layerNorm, dropout: model.dropout)
    guard model.inputs == features.terms.count, features.means.count == model.inputs,
      features.deviations.count == model.inputs
    else {
      throw archive.damage("the model has \(model.inputs) inputs, but there are \(features.terms.count) terms")
    }
    let head: OutputHead = try archive.value(ifPresent: "head") ?? .value
    guard model.outputCount == head.count else {
      throw archive.damage("the model has \(model.outputCount) outputs, but its loss needs \(head.count)")
    }
    parameters = try archive.parameters(of: model.layout)
    severalOutputs = head == .value ? nil : head
    self.model = model
    scale = try archive.value("scale")
    unit = try archive.unit
    device = try archive.device
  }
}
