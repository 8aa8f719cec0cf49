import Numerics

/// The result of `MAPLE`'s pretraining, and the source samples that are learned again together with those of a new
/// device.
struct MAPLEKnowledge: Codable, Hashable, Sendable {
  let descriptor: HardwareDescriptor
  let features: ScaledPlaces
  /// The features of networks followed by their device's numbers, row by row.
  private let values: [Float]
  private let columns: Int
  /// The scaled logarithms of the latencies.
  let targets: [Double]
  let unit: String
  /// The reference networks, whose latencies replace a descriptor.
  let referenceIDs: [String]
  /// For each source device, the standardised logarithms of its reference networks' latencies.
  private let referenceTables: [[Double]]
  /// The scale of all devices' logarithms together. If reference networks replace descriptors, each device has its
  /// own.
  let scale: LogarithmScale
  /// The mean over devices of the standard deviation of their logarithms.
  private let typicalDeviation: Double
  var parameters: [Float] = []

  init(_ data: LatencyData, recipe: MAPLE) throws {
    let descriptor = HardwareDescriptor(of: data.devices, isNormalised: recipe.isNormalised)
    self.descriptor = descriptor
    features = try ScaledPlaces(fitting: data.graphs)
    unit = data.unit
    var random = SeededGenerator(seed: recipe.options.seed)
    let columns = try data.devices.map { try data.measurements(on: $0.name) }
    let common = data.graphs.indices.filter { network in columns.allSatisfy { $0[network] != nil } }
    var references: [Int] = []
    if descriptor.rung == .references {
      guard common.count >= recipe.references else {
        throw InputError(
          "the \(data.devices.count) known devices have measured \(common.count) networks in common, too few for "
            + "\(recipe.references) reference networks",
          remedy: "Measure some on all of them, or use fewer references.")
      }
      // The references are at even steps of the mean rank over the devices.
      let ranks = columns.map { column in RankCorrelation.ranks(common.map { column[$0]?.latency ?? 0 }) }
      let means = common.indices.map { place in ranks.reduce(0) { $0 + $1[place] } }
      let order = means.indices.sorted { (means[$0], $0) < (means[$1], $1) }
      references = (0..<recipe.references).map {
        common[order[(2 * $0 + 1) * order.count / (2 * recipe.references)]]
      }
    }
    referenceIDs = references.map { data.graphs[$0].id }
    let encoded = try features.rows(of: data.graphs)
    var logarithms: [[Double]] = []
    var chosen: [[Int]] = []
    for column in columns {
      let measured = column.indices.filter { column[$0] != nil }.shuffled(using: &random)
        .prefix(recipe.networksPerDevice)
      chosen.append(Array(measured))
      logarithms.append(measured.map { CorrectlyRounded.log(column[$0]?.latency ?? .nan) })
    }
    let together = LogarithmScale(logarithms.flatMap { $0 })
    scale = together
    typicalDeviation = LogarithmScale.typicalDeviation(logarithms)
    referenceTables = columns.map { column in
      LogarithmScale.standardised(references.map { CorrectlyRounded.log(column[$0]?.latency ?? .nan) })
    }
    var values: [Float] = []
    var targets: [Double] = []
    for (number, device) in data.devices.enumerated() {
      let numbers = descriptor.rung == .references ? referenceTables[number] : try descriptor.values(of: device)
      let own = descriptor.rung == .references ? LogarithmScale(logarithms[number]) : together
      for (network, logarithm) in zip(chosen[number], logarithms[number]) {
        values += (encoded[network] + numbers).map(Float.init)
        targets.append(own.scaled(logarithm))
      }
    }
    let width = features.count + (descriptor.rung == .references ? references.count : descriptor.names.count)
    self.columns = width
    self.values = values
    self.targets = targets
  }

  var rows: SampleRows { SampleRows(count: targets.count, columns: columns, values: values) }

  func model(_ hiddenUnits: [Int]) throws -> PerceptronModel {
    try PerceptronModel(inputs: columns, hiddenUnits: hiddenUnits, layerNorm: true, dropout: 0)
  }

  /// The numbers of a new device, and the scale of its logarithms.
  func described(_ samples: Dataset, _ logarithms: [Double]) throws -> ([Double], LogarithmScale) {
    guard descriptor.rung == .references else { return (try descriptor.values(of: samples.measuredOn), scale) }
    let byID = Dictionary(zip(samples.graphs.map(\.id), logarithms), uniquingKeysWith: { first, _ in first })
    let known = referenceIDs.indices.filter { byID[referenceIDs[$0]] != nil }
    let measured = known.compactMap { byID[referenceIDs[$0]] }
    // Missing references are taken from the source device whose references are most similar. At least two measured
    // ones can tell; with fewer it is the first device.
    let own = LogarithmScale.standardised(measured)
    func distance(_ table: [Double]) -> Double {
      let others = LogarithmScale.standardised(known.map { table[$0] })
      return zip(own, others).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    var numbers = referenceTables.min { distance($0) < distance($1) } ?? []
    let there = LogarithmScale(known.map { numbers[$0] })
    if known.count > 1 {
      for (place, number) in zip(known, own) { numbers[place] = there.offset + there.factor * number }
    }
    return (numbers, LogarithmScale(logarithms, typicalDeviation: typicalDeviation))
  }
}

/// `PlaceFeatures` scaled to mean 0 and standard deviation 1 over the training networks.
struct ScaledPlaces: CheckedStructure, Codable, Hashable, Sendable {
  let features: PlaceFeatures
  let columns: ScaledColumns

  init(fitting graphs: [NetworkGraph]) throws {
    features = try PlaceFeatures(graphs)
    columns = ScaledColumns(fitting: try features.rows(of: graphs))
  }

  var count: Int { columns.columns.count }

  var isSound: Bool { features.isSound && columns.isSound(width: features.width) }

  func rows(of graphs: [NetworkGraph]) throws -> [[Double]] {
    try features.rows(of: graphs).map { columns.scaled($0) }
  }
}
