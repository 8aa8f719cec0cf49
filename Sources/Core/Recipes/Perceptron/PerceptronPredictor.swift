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
    let head: OutputHead = try archive.value(ifPresent: "head") ?? .value
    model = try archive.perceptron(reading: features.terms.count, "terms", outputs: head.count)
    parameters = try archive.parameters(of: model.layout)
    severalOutputs = head == .value ? nil : head
    scale = try archive.value("scale")
    unit = try archive.unit
    device = try archive.device
  }
}

extension PredictorArchive {
  /// The perceptron under the name "model".
  ///
  /// - Parameters:
  ///   - inputs: The number of inputs that it must have.
  ///   - what: What the inputs are, in the plural.
  ///   - outputs: The number of outputs that it must have.
  /// - Throws: `InputError` when it doesn't exist, or has other inputs or outputs or invalid settings.
  func perceptron(reading inputs: Int, _ what: String, outputs: Int = 1) throws -> PerceptronModel {
    let model: PerceptronModel = try value("model")
    guard model.inputs == inputs else {
      throw damage("the model has \(model.inputs) inputs, but there are \(inputs) \(what)")
    }
    guard model.outputCount == outputs else {
      throw damage("the model has \(model.outputCount) outputs, but \(outputs) \(outputs == 1 ? "is" : "are") needed")
    }
    // The settings of a damaged file are checked before they are used in products.
    return try checking {
      try PerceptronModel(
        inputs: inputs, hiddenUnits: model.hiddenUnits, layerNorm: model.layerNorm, dropout: model.dropout,
        outputs: outputs)
    }
  }
}
