import Numerics

/// HELP (Lee and others, NeurIPS 2021): meta-learning on many devices, so that a few samples suffice to learn a new
/// device's latencies.
///
/// A device is described by the latencies of some *reference networks*. One part of the network makes features of the
/// device from them, which join the features that graph convolutions make of a network. Another part, the modulator,
/// scales the weights of the last three layers. A few steps of gradient descent follow on a new device, with a
/// learned rate for each parameter (meta-SGD). Pretraining minimises the loss after this descent over all known
/// devices. With `secondOrder`, gradients are propagated through the steps; without it they are not, which is
/// quicker.
///
/// ```swift
/// let known = try HELP(references: 10).pretrain(on: sources)
/// print(known.referenceIDs)                                 // measure these on the new device, and some more
/// let fit = try known.fit(to: newDevice, split: split)
/// ```
///
/// It differs from the paper's program in several points. Only measurements of the training part are used, each once,
/// including the reference networks. Latencies are scaled by that part alone. The weights of the last episode are
/// kept, not those that are best on some device. Unless their ids are given, the reference networks are at even steps
/// of the mean rank over the known devices. The modulator's noise is drawn only in pretraining; a new device uses the
/// mean. At the end a line is fitted to the training part. Networks of all spaces are graphs with all their nodes,
/// where the paper uses one-hot vectors for FBNet. This, and the logarithms of the device latencies, is Labbook's
/// choice. The paper's 2,000 episodes of 8 devices with 200 networks each would take some minutes; the defaults are
/// 600 episodes of 4 devices with 64 networks.
public struct HELP: TransferRecipe {
  public typealias Predictor = HELPPredictor
  public static let family = "help"

  /// The number of reference networks. If `referenceIDs` is given, it is their number.
  public var references: Int
  public var layers: Int
  public var units: Int
  /// The number of gradient descent steps on a new device.
  public var steps: Int
  public var secondOrder: Bool
  public var episodes: Int
  /// The number of devices in an episode.
  public var devices: Int
  /// The number of networks of each device that an episode computes the loss on.
  public var queries: Int
  public var learningRate: Double
  public var seed: UInt64
  /// The ids of the reference networks. After pretraining, these networks must be measured on a new device.
  public private(set) var referenceIDs: [String]
  /// The knowledge from pretraining; nil before it.
  public private(set) var knowledge: Knowledge?

  /// The knowledge from the known devices.
  public struct Knowledge: Codable, Hashable, Sendable {
    let encoding: GraphEncoding
    let parameters: [Float]
    let unit: String
    /// The last loss of every 50th episode.
    public let losses: [Double]
  }

  public init(
    references: Int = 10, referenceIDs: [String] = [], layers: Int = 4, units: Int = 100, steps: Int = 2,
    secondOrder: Bool = true, episodes: Int = 600, devices: Int = 4, queries: Int = 64, learningRate: Double = 1e-3,
    seed: UInt64 = TrainingContext.current.seed
  ) {
    self.references = referenceIDs.isEmpty ? references : referenceIDs.count
    self.referenceIDs = referenceIDs
    self.layers = layers
    self.units = units
    self.steps = steps
    self.secondOrder = secondOrder
    self.episodes = episodes
    self.devices = devices
    self.queries = queries
    self.learningRate = learningRate
    self.seed = seed
  }

  public func reseeded(by offset: UInt64) -> HELP {
    var recipe = self
    recipe.seed &+= offset
    return recipe
  }

  /// Learns from the networks that were measured on all devices.
  ///
  /// - Throws: `InputError` when a setting is out of its range, there are fewer than two devices, one has no
  ///   measurements, they have too few networks in common, or a reference network is not among these.
  public func pretrain(on data: LatencyData, in context: TrainingContext) throws -> HELP {
    try validate()
    guard data.devices.count >= 2 else {
      throw InputError(
        "HELP needs at least two devices, but the data has \(data.devices.count)",
        remedy: "Give at least two devices; for one device, use NearestDevice.")
    }
    try data.requireDevices()
    let columns = try data.common()
    guard columns[0].count >= references + 2 else {
      throw InputError(
        "the devices have \(columns[0].count) networks in common, too few for \(references) reference networks",
        remedy: "Measure more networks on all devices, or use fewer references.")
    }
    var result = self
    result.referenceIDs = referenceIDs.isEmpty ? chooseReferences(columns) : referenceIDs
    let places = try columns[0].indices(of: result.referenceIDs)
    let encoding = try GraphEncoding(fitting: columns[0].graphs)
    let episodes = try HELPEpisodes(
      HELPNetwork(result, features: encoding.featureCount), recipe: result, encoded: encoding.encode(columns[0].graphs),
      references: places, logarithms: columns.map { $0.latencies.map { CorrectlyRounded.log($0) } }, context: context)
    let (parameters, losses) = try episodes.run()
    result.knowledge = Knowledge(encoding: encoding, parameters: parameters, unit: data.unit, losses: losses)
    return result
  }

  /// Members of an ensemble all learn from the reference networks, because these describe the device.
  public var requiredIDs: [String] { referenceIDs }

  /// - Throws: `InputError` before pretraining, when units differ, when a latency is not above 0, and when a reference
  ///   network isn't in the training part.
  public func learn(from data: Dataset, split: Split, in context: TrainingContext) throws -> Fit<HELP> {
    guard let knowledge else { throw InputError.notPretrained("HELP") }
    try data.requireUnit(knowledge.unit)
    let samples = data[split.training]
    try samples.requirePositiveLatencies(for: "HELP needs")
    let ids = Set(samples.graphs.map(\.id))
    if let missing = referenceIDs.first(where: { !ids.contains($0) }) {
      throw InputError(
        "the reference network \"\(missing)\" of HELP is not in the training part of \"\(data.device)\"",
        remedy: "Measure all \(referenceIDs.count) networks of referenceIDs, and put them into the training part.")
    }
    let network = HELPNetwork(self, features: knowledge.encoding.featureCount)
    let encoded = try knowledge.encoding.encode(samples.graphs)
    let logarithms = samples.latencies.map { CorrectlyRounded.log($0) }
    let scale = LogarithmScale(logarithms)
    let device = try LogarithmScale.standardised(samples.indices(of: referenceIDs).map { logarithms[$0] })
    let tape = Tape(threads: context.threads)
    let learned = try tape.bind(ParameterVector(network.layout, values: knowledge.parameters))
    let all = Array(samples.samples.indices)
    let adapted = try network.adapted(
      learned, to: GraphRows(all, of: encoded, on: tape), device: device,
      targets: logarithms.map { scale.scaled($0) }, noise: nil, differentiable: false
    ).weights
    let parameters = network.layout.tensors.flatMap { adapted[$0].floats }
    let outputs = try network.outputs(GraphRows(all, of: encoded, on: tape), device: device, adapted).values
    let line = LogarithmScale(fittingLineTo: outputs, logarithms: logarithms, prior: scale)
    return Fit(
      self,
      HELPPredictor(
        recipe: settings, encoding: knowledge.encoding, parameters: parameters, embedding: device, scale: line,
        unit: data.unit, device: data.measuredOn))
  }

  /// The recipe without the knowledge from pretraining.
  var settings: HELP {
    var result = self
    result.knowledge = nil
    return result
  }

  func validate() throws {
    func require(_ value: Int, _ range: ClosedRange<Int>, _ what: String) throws {
      if !range.contains(value) {
        throw InputError(
          "HELP can't have \(value) \(what)", remedy: "Use \(range.lowerBound) to \(range.upperBound).")
      }
    }
    try require(references, 2...1024, "reference networks")
    try require(layers, 1...1024, "layers")
    try require(units, 1...65536, "units")
    try require(steps, 0...100, "steps")
    try require(episodes, 1...10_000_000, "episodes")
    try require(devices, 1...1024, "devices in an episode")
    try require(queries, 1...65536, "networks to judge by")
    if !(learningRate > 0 && learningRate.isFinite) {
      throw InputError("the learning rate \(learningRate) is not a number above 0", remedy: "1e-3 is usual.")
    }
    if Set(referenceIDs).count < referenceIDs.count {
      throw InputError("a reference network is named twice", remedy: "Give each id once.")
    }
  }

  /// The networks at even steps of the mean rank over all devices.
  private func chooseReferences(_ columns: [Dataset]) -> [String] {
    let ranks = columns.map { RankCorrelation.ranks($0.latencies) }
    let means = columns[0].samples.indices.map { sample in ranks.reduce(0) { $0 + $1[sample] } }
    let order = means.indices.sorted { (means[$0], $0) < (means[$1], $1) }
    return (0..<references).map { columns[0].samples[order[(2 * $0 + 1) * order.count / (2 * references)]].graph.id }
  }
}
