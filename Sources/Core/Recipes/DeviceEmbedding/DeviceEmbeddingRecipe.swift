import Numerics

/// A family that learns from several devices at once. Each device has a learned vector. Training continues on a few
/// samples of a new device, whose initial vector is that of the known device that ranks them best.
///
/// One sample, and samples with equal latencies, can't tell the known devices apart, so that the vector of the first
/// one is taken. The predictor's `warnings` say so.
public protocol DeviceEmbeddingRecipe: TransferRecipe where Predictor == DeviceEmbeddingPredictor<Self> {
  associatedtype Network: DeviceNetwork

  /// The name of the family in files.
  static var family: String { get }
  /// The options of training on the known devices.
  var options: TrainingOptions { get set }
  /// The options of training on the new device.
  var adaptation: TrainingOptions { get set }
  /// The number of networks of each known device to learn from, drawn by the seed; nil for all.
  var networksPerDevice: Int? { get }
  /// The knowledge from the known devices; nil before pretraining.
  var knowledge: DeviceKnowledge? { get set }

  /// - Throws: `InputError` when a setting is out of its range.
  func validate() throws

  /// The encoding for these graphs.
  func makeEncoding(fitting graphs: [NetworkGraph]) throws -> GraphEncoding

  /// The network for rows with this number of features and this number of known devices.
  func makeNetwork(features: Int, devices: Int) -> Network
}

/// The knowledge from the known devices.
public struct DeviceKnowledge: Codable, Hashable, Sendable {
  let encoding: GraphEncoding
  /// The names of the known devices.
  public let devices: [String]
  /// The mean over the known devices of the standard deviation of their logarithms; nil in what earlier versions
  /// stored.
  let typicalDeviation: Double?
  let parameters: [Float]
  let unit: String
  /// One record for each epoch.
  public let curve: [EpochRecord]
}

extension DeviceEmbeddingRecipe {
  public func reseeded(by offset: UInt64) -> Self {
    var recipe = self
    recipe.options.seed &+= offset
    recipe.adaptation.seed &+= offset
    return recipe
  }

  /// - Throws: `InputError` when a setting or the data is invalid.
  public func pretrain(on data: LatencyData, in context: TrainingContext) throws -> Self {
    try validate()
    try data.requireDevices()
    let encoding = try makeEncoding(fitting: data.graphs)
    var random = SeededGenerator(seed: options.seed)
    var (graphs, devices): ([Int], [Int]) = ([], [])
    var logarithms: [[Double]] = []
    for (number, device) in data.devices.enumerated() {
      let column = try data.measurements(on: device.name)
      let measured = column.indices.filter { column[$0] != nil }.shuffled(using: &random)
        .prefix(networksPerDevice ?? .max)
      graphs += measured
      devices += measured.map { _ in number }
      logarithms.append(measured.map { CorrectlyRounded.log(column[$0]?.latency ?? .nan) })
    }
    let network = makeNetwork(features: encoding.featureCount, devices: data.devices.count)
    let trained = try TapeTrainer(
      DeviceModel(network: network),
      inputs: DevicePairs(encoded: encoding.encode(data.graphs), graphs: graphs, devices: devices),
      targets: logarithms.flatMap(LogarithmScale.standardised), training: Array(graphs.indices), validation: [],
      options: options, context: context, scale: .asItIs
    ).run()
    var result = self
    result.knowledge = DeviceKnowledge(
      encoding: encoding, devices: data.devices.map(\.name),
      typicalDeviation: LogarithmScale.typicalDeviation(logarithms), parameters: trained.parameters, unit: data.unit,
      curve: trained.curve)
    return result
  }

  /// - Throws: `InputError` before pretraining, when units differ, when a latency is not above 0, and when a graph has
  ///   an operation that no known network had.
  public func learn(from data: Dataset, split: Split, in context: TrainingContext) throws -> Fit<Self> {
    guard let knowledge else { throw InputError.notPretrained(Self.family) }
    try data.requireUnit(knowledge.unit)
    let samples = data[split.training]
    try samples.requirePositiveLatencies(for: "\(Self.family) needs")
    let encoded = try knowledge.encoding.encode(samples.graphs)
    let logarithms = samples.latencies.map { CorrectlyRounded.log($0) }
    let scale = LogarithmScale(logarithms, typicalDeviation: knowledge.typicalDeviation)
    let known = knowledge.devices.count
    let network = makeNetwork(features: knowledge.encoding.featureCount, devices: known)
    let model = DeviceModel(network: network)
    let all = Array(0..<samples.count)
    let tape = Tape(threads: context.threads)
    func outputs(_ parameters: [Float], on device: Int) throws -> [Double] {
      try model.outputs(
        samples.count, of: DevicePairs(encoded: encoded, graphs: all, devices: all.map { _ in device }),
        parameters: ParameterVector(network.layout, values: parameters), on: tape
      ).map(Double.init)
    }
    // The known device whose order of these networks is the most similar (the first of equal ones). A rho that doesn't
    // exist is NaN and never chosen.
    var best = (device: 0, rho: -Double.infinity)
    for device in 0..<known {
      let rho = RankCorrelation.spearmanRho(try outputs(knowledge.parameters, on: device), logarithms)
      if rho > best.rho { best = (device, rho) }
    }
    var initial = knowledge.parameters
    let table = network.devices
    for column in 0..<table.columns {
      initial[table.range.lowerBound + known * table.columns + column] =
        initial[table.range.lowerBound + best.device * table.columns + column]
    }
    let trained = try TapeTrainer(
      model, inputs: DevicePairs(encoded: encoded, graphs: all, devices: all.map { _ in known }),
      targets: logarithms.map { scale.scaled($0) }, training: all, validation: [], options: adaptation,
      context: context, scale: .asItIs, initial: initial
    ).run()
    let line = LogarithmScale(
      fittingLineTo: try outputs(trained.parameters, on: known), logarithms: logarithms, prior: scale)
    var settings = self
    settings.knowledge = nil
    return Fit(
      self,
      Predictor(
        recipe: settings, encoding: knowledge.encoding, known: knowledge.devices,
        source: knowledge.devices[best.device],
        isSourceByDefault: knowledge.devices.count > 1 && best.rho == -.infinity,
        parameters: trained.parameters, scale: line, unit: data.unit, device: data.measuredOn),
      curve: trained.curve, chosenEpoch: trained.chosenEpoch, seconds: trained.seconds)
  }

  /// - Throws: `InputError` unless the setting is in the range.
  func require(_ value: Int, in range: ClosedRange<Int>, _ what: String, usual: String) throws {
    if !range.contains(value) {
      throw InputError(
        "\(Self.family) can't have \(value) \(what)",
        remedy: "Use \(range.lowerBound) to \(range.upperBound); \(usual) is usual.")
    }
  }
}
