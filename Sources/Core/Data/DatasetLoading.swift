import Foundation

extension Dataset {
  /// How to treat architectures without a latency and latencies without an architecture.
  public enum Matching: String, Codable, Hashable, Sendable {
    /// A missing counterpart is an error.
    case all
    /// Architectures and latencies without a counterpart are left out.
    case common
  }

  /// Reads graphs and their latencies on one device, joined by id, in the order of the graphs.
  /// - Parameters:
  ///   - architectures: A file that `NetworkGraph.load` reads.
  ///   - latencies: A CSV file that `LatencyTable.read` reads.
  ///   - device: The name of the device; nil where the file has only one device.
  ///   - latencyColumn: The column with the latencies. Its unit is its suffix: `_ms`, `_us`, `_ns` or `_s`.
  /// - Throws: `InputError` at the place of the invalid input.
  public static func load(
    architectures: String, latencies: String, device: String? = nil, latencyColumn: String = "median_ms",
    idColumn: String? = nil, name: String? = nil, matching: Matching = .all, registry: OperationRegistry = .standard
  ) throws -> Dataset {
    let table = try LatencyTable.read(
      latencies, device: device, latencyColumn: latencyColumn, idColumn: idColumn)
    let file = try ArchitectureFile(architectures, FileAccess.readContent(architectures), registry: registry)
    return try join(file.graphs, table, name: name, matching: matching) { file.place(of: $0) }
  }

  /// Joins graphs to the latencies of a table by id, in the order of the graphs.
  /// - Throws: `InputError` when two rows or graphs have the same id, when no id is in both inputs and, unless
  ///   `matching` is `.common`, when a counterpart is missing.
  public init(
    graphs: [NetworkGraph], latencies: LatencyTable, name: String? = nil, matching: Matching = .all
  ) throws {
    self = try Self.join(graphs, latencies, name: name, matching: matching) { _ in nil }
  }

  /// The devices of a latency file, in the order of their first rows.
  /// - Throws: `InputError` at file, line and column.
  public static func devices(in latencies: String) throws -> [String] {
    try LatencyTable.devices(in: latencies)
  }

  private static func join(
    _ graphs: [NetworkGraph], _ table: LatencyTable, name: String?, matching: Matching,
    place: (Int) -> Place?
  ) throws -> Dataset {
    let latencies = Dictionary(table.rows.map { ($0.id, $0.latency) }, uniquingKeysWith: { first, _ in first })
    let alone = graphs.indices.filter { latencies[graphs[$0].id] == nil }
    if matching == .all, let first = alone.first {
      let more = alone.count > 1 ? " (nor have \(alone.count - 1) more)" : ""
      throw InputError.noLatency(of: graphs[first].id, "on \"\(table.device)\" in \(table.file)\(more)").at(
        place(first))
    }
    if matching == .all, graphs.count < table.rows.count {
      let ids = Set(graphs.map(\.id))
      let orphans = table.rows.filter { !ids.contains($0.id) }
      if let first = orphans.first {
        let more = orphans.count > 1 ? " (nor have \(orphans.count - 1) more)" : ""
        throw InputError.noArchitecture(of: first.id, more: more).at(Place(file: table.file, line: first.line))
      }
    }
    guard alone.count < graphs.count else {
      throw InputError(
        "no architecture has a latency on \"\(table.device)\"", at: Place(file: table.file),
        remedy: "The ids of the two files must be the same; the graphs have \(quotedList(graphs.map(\.id), limit: 3)) "
          + "and the latencies \(quotedList(table.rows.map(\.id), limit: 3)).")
    }
    let joined = graphs.filter { latencies[$0.id] != nil }
    return try Dataset(
      name: name, device: table.device, unit: table.unit, graphs: joined,
      latencies: joined.compactMap { latencies[$0.id] })
  }
}
