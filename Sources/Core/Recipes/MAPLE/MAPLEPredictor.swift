import Numerics

/// A perceptron that reads a network and one device's descriptor: see `MAPLE`.
public struct MAPLEPredictor: StorablePredictor {
  public static let family = "maple"

  let features: ScaledPlaces
  let model: PerceptronModel
  let parameters: [Float]
  /// The device's numbers, scaled.
  let descriptor: [Double]
  let scale: LogarithmScale
  /// The kind of the device's numbers.
  public let rung: HardwareDescriptor.Rung
  public let unit: String
  public let device: Device

  init(
    features: ScaledPlaces, model: PerceptronModel, parameters: [Float], descriptor: [Double], scale: LogarithmScale,
    rung: HardwareDescriptor.Rung, unit: String, device: Device
  ) {
    self.features = features
    self.model = model
    self.parameters = parameters
    self.descriptor = descriptor
    self.scale = scale
    self.rung = rung
    self.unit = unit
    self.device = device
  }

  /// - Throws: `InputError` when a graph has an operation or a number of nodes that no training graph had.
  public func predict(_ graphs: [NetworkGraph]) throws -> [Double] {
    let own = descriptor.map(Float.init)
    let values = try features.rows(of: graphs).flatMap { $0.map(Float.init) + own }
    let rows = SampleRows(count: graphs.count, columns: features.count + own.count, values: values)
    return try model.outputs(
      rows.count, of: rows, parameters: ParameterVector(model.layout, values: parameters),
      on: Tape(threads: TrainingContext.current.threads)
    ).map { scale.latency(Double($0)) }
  }

  public func write(to archive: inout PredictorArchive) throws {
    try archive.set("features", to: features)
    try archive.set("model", to: model)
    try archive.set("scale", to: scale)
    try archive.set("rung", to: rung)
    archive.setTensor("descriptor", descriptor)
    archive.setParameters(parameters, of: model.layout)
  }

  public init(reading archive: PredictorArchive) throws {
    features = try archive.value("features")
    descriptor = try archive.doubles("descriptor")
    model = try archive.perceptron(
      reading: features.count + descriptor.count, "features and numbers of the device")
    parameters = try archive.parameters(of: model.layout)
    scale = try archive.value("scale")
    rung = try archive.value("rung")
    unit = try archive.unit
    device = try archive.device
  }
}
