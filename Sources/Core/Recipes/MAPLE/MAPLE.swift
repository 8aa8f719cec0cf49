import Numerics

/// MAPLE (Abbasi and others, CVPR Workshops 2022) and MAPLE-Edge (Nair and others, CVPR Workshops 2022): a compact
/// perceptron that reads a network and a descriptor of the device.
///
///     log latency = perceptron([features of the network, descriptor of the device])
///
/// It is trained on all source devices at once. Then samples of a new device are learned together with them, each
/// with the weight of `emphasis` of their samples. `HardwareDescriptor` chooses the descriptor: hardware counters if
/// all devices have them, otherwise the best available kind, down to the latencies of some reference networks, as in
/// HELP.
///
/// ```swift
/// let known = try MAPLE().pretrain(on: sources)
/// print(known.descriptor?.rung.rawValue ?? "", known.descriptor?.reason ?? "", known.referenceIDs)
/// let fit = try known.fit(to: newDevice, split: split)
/// ```
///
/// With a descriptor of the device, `predictor(for:)` predicts without any sample. If reference networks replace the
/// descriptor, their latencies are relative to the device's own mean, so at least one sample is needed; references
/// without a sample are filled in from the source device that agrees best. The widths (128, 64, 32), the emphasis and
/// the logarithms are our reading; counters divided by the operator's latency are MAPLE-Edge's.
public struct MAPLE: TransferRecipe {
  public typealias Predictor = MAPLEPredictor

  public var hiddenUnits: [Int]
  /// The maximum number of networks of each source device in training.
  public var networksPerDevice: Int
  /// The number of reference networks, if they replace a descriptor.
  public var references: Int
  /// The number of source samples that one sample of the new device counts as.
  public var emphasis: Int
  /// Whether the numbers of an operator, such as counters, are divided by its latency.
  public var isNormalised: Bool
  public var options: TrainingOptions
  public var adaptation: TrainingOptions
  private(set) var knowledge: MAPLEKnowledge?

  public init(
    hiddenUnits: [Int] = [128, 64, 32], networksPerDevice: Int = 300, references: Int = 10, emphasis: Int = 20,
    isNormalised: Bool = true,
    options: TrainingOptions = .graphNetwork(epochs: 60, batchSize: 32, learningRate: 2e-3, loss: .huber()),
    adaptation: TrainingOptions = .graphNetwork(epochs: 15, batchSize: 32, learningRate: 1e-3, loss: .huber())
  ) {
    self.hiddenUnits = hiddenUnits
    self.networksPerDevice = networksPerDevice
    self.references = references
    self.emphasis = emphasis
    self.isNormalised = isNormalised
    self.options = options
    self.adaptation = adaptation
  }

  /// The description of devices; nil before pretraining.
  public var descriptor: HardwareDescriptor? { knowledge?.descriptor }

  /// The ids of the reference networks, if they replace a descriptor; empty otherwise.
  public var referenceIDs: [String] { knowledge?.referenceIDs ?? [] }

  /// Members of an ensemble all learn from the reference networks. Without one of them a member would still learn, but
  /// with another description of the device.
  public var requiredIDs: [String] { referenceIDs }

  public func reseeded(by offset: UInt64) -> MAPLE {
    var recipe = self
    recipe.options.seed &+= offset
    recipe.adaptation.seed &+= offset
    return recipe
  }

  /// - Throws: `InputError` when a setting is out of its range, there is no device, one has no measurements, or
  ///   reference networks are needed and the devices have too few networks in common.
  public func pretrain(on data: LatencyData, in context: TrainingContext) throws -> MAPLE {
    try validate()
    try data.requireDevices()
    var result = self
    var knowledge = try MAPLEKnowledge(data, recipe: self)
    let model = try knowledge.model(hiddenUnits)
    let all = Array(0..<knowledge.targets.count)
    knowledge.parameters = try TapeTrainer(
      model, inputs: knowledge.rows, targets: knowledge.targets, training: all, validation: [], options: options,
      context: context, scale: .asItIs
    ).run().parameters
    result.knowledge = knowledge
    return result
  }

  /// The predictor for a device of which only the descriptor is known.
  ///
  /// - Throws: `InputError` before pretraining, when the descriptor lacks a number, and if reference networks replace
  ///   it.
  public func predictor(for device: Device) throws -> MAPLEPredictor {
    let knowledge = try learned()
    guard knowledge.descriptor.rung != .references else {
      throw InputError(
        "nothing is known of \"\(device)\" without a sample: \(knowledge.descriptor.reason)",
        remedy: "Give all devices a descriptor, or fit to some samples.")
    }
    return MAPLEPredictor(
      features: knowledge.features, model: try knowledge.model(hiddenUnits), parameters: knowledge.parameters,
      descriptor: try knowledge.descriptor.values(of: device), scale: knowledge.scale, rung: knowledge.descriptor.rung,
      unit: knowledge.unit, device: device)
  }

  /// - Throws: `InputError` before pretraining, when units differ, when a latency is not above 0, and when a graph has
  ///   an operation or a number of nodes that no training network has.
  public func learn(from data: Dataset, split: Split, in context: TrainingContext) throws -> Fit<MAPLE> {
    try validate()
    let knowledge = try learned()
    try data.requireUnit(knowledge.unit)
    let samples = data[split.training]
    try samples.requirePositiveLatencies(for: "MAPLE needs")
    let logarithms = samples.latencies.map { CorrectlyRounded.log($0) }
    let (descriptor, scale) = try knowledge.described(samples, logarithms)
    let fresh = try knowledge.features.rows(of: samples.graphs).map { $0 + descriptor }
    // Each sample is repeated according to its weight.
    let copies = max(emphasis, 1)
    let repeated = (0..<copies).flatMap { _ in fresh }
    let targets = knowledge.targets + (0..<copies).flatMap { _ in logarithms.map { scale.scaled($0) } }
    let values = knowledge.rows.values + repeated.flatMap { $0.map(Float.init) }
    let model = try knowledge.model(hiddenUnits)
    let trained = try TapeTrainer(
      model, inputs: SampleRows(count: targets.count, columns: knowledge.rows.columns, values: values),
      targets: targets, training: Array(targets.indices), validation: [], options: adaptation, context: context,
      scale: .asItIs, initial: knowledge.parameters
    ).run()
    let alone = SampleRows(
      count: fresh.count, columns: knowledge.rows.columns, values: fresh.flatMap { $0.map(Float.init) })
    let outputs = try model.outputs(
      fresh.count, of: alone, parameters: ParameterVector(model.layout, values: trained.parameters),
      on: Tape(threads: context.threads)
    ).map(Double.init)
    return Fit(
      self,
      MAPLEPredictor(
        features: knowledge.features, model: model, parameters: trained.parameters, descriptor: descriptor,
        scale: LogarithmScale(fittingLineTo: outputs, logarithms: logarithms, prior: scale),
        rung: knowledge.descriptor.rung, unit: data.unit, device: data.measuredOn),
      curve: trained.curve, chosenEpoch: trained.chosenEpoch, seconds: trained.seconds)
  }

  private func learned() throws -> MAPLEKnowledge {
    guard let knowledge else { throw InputError.notPretrained("MAPLE") }
    return knowledge
  }

  private func validate() throws {
    guard networksPerDevice >= 1, 1...1024 ~= references, 1...10_000 ~= emphasis else {
      throw InputError(
        "MAPLE can't have \(networksPerDevice) networks for each device, \(references) reference networks and an "
          + "emphasis of \(emphasis)", remedy: "300, 10 and 20 are usual.")
    }
  }
}
