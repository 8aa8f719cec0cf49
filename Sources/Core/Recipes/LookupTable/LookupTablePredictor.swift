internal import Basics

/// The sum of a table's entries: see `LookupTable`.
///
/// A node without an entry takes the time of the node with the same operation and the nearest size, times the ratio
/// of their FLOPs or, if these are unknown, elements. `warnings(for:)` names such nodes, and `unknown(in:)` describes
/// the missing entries.
public struct LookupTablePredictor: StorablePredictor {
  public static let family = "lookup-table"

  public let key: LookupKey
  let entries: [LookupKey.Entry]
  /// The time of each entry.
  let times: [Double]
  /// The latency of a network without operations, in `unit`.
  public let intercept: Double
  /// The factor of the sum: 1 unless `scaled(on:)` found another one.
  public let factor: Double
  public let unit: String
  public let device: Device

  init(
    key: LookupKey, entries: [LookupKey.Entry], times: [Double], intercept: Double, factor: Double, unit: String,
    device: Device
  ) {
    self.key = key
    self.entries = entries
    self.times = times
    self.intercept = intercept
    self.factor = factor
    self.unit = unit
    self.device = device
  }

  /// A table by shape of operations that were measured one by one.
  ///
  /// - Throws: `InputError` when the table is empty, a time is not a number of at least 0, or a node has a size that
  ///   graphs don't allow.
  public init(measured times: [Node: Double], unit: String = "ms", device: Device) throws {
    guard !times.isEmpty else { throw InputError("the table has no operations", remedy: "Measure some first.") }
    if let (node, time) = times.first(where: { !($0.value >= 0 && $0.value.isFinite) }) {
      throw InputError("the time \(time) of \"\(node.operation)\" is not a number of at least 0")
    }
    let sorted = times.sorted { LookupTablePredictor.description($0.key) < LookupTablePredictor.description($1.key) }
    if let (node, _) = sorted.first(where: { $0.key.hasInvalidAttribute }) {
      throw InputError.invalidSize(of: "\"\(node.operation)\"")
    }
    self.init(
      key: .shape, entries: sorted.map { LookupKey.Entry(position: nil, node: $0.key) }, times: sorted.map(\.value),
      intercept: 0, factor: 1, unit: unit, device: device)
  }

  /// The number of entries.
  public var count: Int { entries.count }

  /// The time of each operation, as a table.
  public var table: [(position: Int?, node: Node, time: Double)] {
    zip(entries, times).map { ($0.position, $0.node, $1) }
  }

  static func description(_ node: Node) -> String {
    let attributes = NodeAttribute.allCases.compactMap { attribute in
      node[attribute].map { "\(attribute.rawValue) \($0)" }
    }
    return ([node.operation.rawValue] + attributes).joined(separator: ", ")
  }

  /// - Throws: `InputError` that names the first operation without any entry.
  public func predict(_ graphs: [NetworkGraph]) throws -> [Double] {
    let lookup = Lookup(self)
    return try graphs.map { graph in
      try key.entries(of: graph).reduce(intercept) { try $0 + factor * lookup.time(of: $1, in: graph) }
    }
  }

  /// A warning for each node that takes the time of another entry.
  public func warnings(for graphs: [NetworkGraph]) -> [PredictionWarning] {
    let known = Set(entries)
    let operations = Set(entries.map(\.node.operation))
    return graphs.flatMap { graph in
      key.numberedEntries(of: graph).compactMap { node, entry -> PredictionWarning? in
        // An operation without any entry is an error of `predict`.
        guard !known.contains(entry), operations.contains(entry.node.operation) else { return nil }
        return PredictionWarning(
          network: graph.id, node: node, kind: entry.node.operation.rawValue,
          cause: "the table has no entry for this node, so its time is that of the most similar entry, scaled by the "
            + "ratio of their sizes")
      }
    }
  }

  /// Descriptions of the nodes in some networks without an entry, each once.
  public func unknown(in graphs: [NetworkGraph]) -> [String] {
    let known = Set(entries)
    let missing = Set(graphs.lazy.flatMap { key.entries(of: $0) }.filter { !known.contains($0) })
    return missing.map { entry in
      Self.description(entry.node) + (entry.position.map { " at node \($0)" } ?? "")
    }.sorted()
  }

  /// The same table with a factor and a constant that minimise Huber's loss of the relative errors of some whole
  /// networks. They account for what a sum of separately measured operations lacks.
  ///
  /// - Throws: `InputError` when there are no samples, they have another unit, or the table can't predict one.
  public func scaled(on data: Dataset) throws -> LookupTablePredictor {
    try requireUnit(of: data)
    let sums = try predict(data.graphs).map { ($0 - intercept) / factor }
    guard let first = sums.first else { throw InputError("fitting the factor needs at least one sample") }
    // If all sums are equal, only a factor is fitted.
    guard sums.contains(where: { abs($0 - first) > 1e-12 * abs(first) }) else {
      guard first > 0 else { throw InputError("all sums of the table are \(first)") }
      return with(intercept: 0, factor: (data.latencies.median ?? first) / first)
    }
    let solution = try RobustRegression.fit(
      rows: sums.map { [$0] }, targets: data.latencies, penalty: 1e-9, threshold: RobustRegression.threshold)
    return with(intercept: solution.intercept, factor: solution.coefficients[0])
  }

  private func with(intercept: Double, factor: Double) -> LookupTablePredictor {
    LookupTablePredictor(
      key: key, entries: entries, times: times, intercept: intercept, factor: factor, unit: unit, device: device)
  }

  public func write(to archive: inout PredictorArchive) throws {
    try archive.set("key", to: key)
    try archive.set("entries", to: entries)
    archive.setTensor("times", times)
    archive.setTensor("scale", [intercept, factor])
  }

  public init(reading archive: PredictorArchive) throws {
    key = try archive.value("key")
    entries = try archive.value("entries")
    times = try archive.doubles("times", shape: [entries.count])
    let scale = try archive.doubles("scale", shape: [2])
    intercept = scale[0]
    factor = scale[1]
    unit = try archive.unit
    device = try archive.device
    guard entries.allSatisfy({ ($0.position == nil) == (key == .shape) }) else {
      throw archive.damage("the entries don't fit the key \"\(key.rawValue)\"")
    }
  }
}

/// A table prepared for lookups.
private struct Lookup {
  private let times: [LookupKey.Entry: Double]
  private let table: LookupTablePredictor

  init(_ table: LookupTablePredictor) {
    self.table = table
    times = Dictionary(zip(table.entries, table.times), uniquingKeysWith: { first, _ in first })
  }

  func time(of entry: LookupKey.Entry, in graph: NetworkGraph) throws -> Double {
    if let time = times[entry] { return time }
    let alike = table.entries.indices.filter { table.entries[$0].node.operation == entry.node.operation }
    let size = Self.size(entry.node)
    let nearest = alike.min { left, right in
      let (first, second) = (distance(left, entry, size), distance(right, entry, size))
      return (first.0, first.1, left) < (second.0, second.1, right)
    }
    guard let nearest else {
      throw InputError(
        "\"\(graph.id)\" has the operation \"\(entry.node.operation)\", for which the table has no entry",
        remedy: InputError.remedy(
          unknown: entry.node.operation.rawValue,
          among: Set(table.entries.map(\.node.operation.rawValue)).sorted(), called: "operations it has"))
    }
    let known = Self.size(table.entries[nearest].node)
    return table.times[nearest] * (known > 0 && size > 0 ? size / known : 1)
  }

  /// The FLOPs or, if these are unknown, elements of the output; 0 if neither is known.
  private static func size(_ node: Node) -> Double {
    let flops = node.blockOperations.reduce(0) { sum, part in
      sum
        + (OperationRegistry.standard[part.operation]?.cost.floatingPointOperations(
          of: part, inputPositions: part.outputPositions) ?? 0)
    }
    return flops > 0 ? flops : Double(node[.outputChannels] ?? 0) * (node.outputPositions ?? 1)
  }

  /// The distance of two entries: first that of their places, then the ratio of their sizes.
  private func distance(_ index: Int, _ entry: LookupKey.Entry, _ size: Double) -> (Int, Double) {
    let other = table.entries[index]
    let places = abs((other.position ?? 0) - (entry.position ?? 0))
    let known = Self.size(other.node)
    return (places, known > 0 && size > 0 ? max(known / size, size / known) : 1)
  }
}
