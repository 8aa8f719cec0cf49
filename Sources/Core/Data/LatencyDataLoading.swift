import Foundation

extension LatencyData {
  /// Reads graphs and their latencies on several devices, joined by id, in the order of the graphs.
  ///
  /// A table with a column `device` is a *long* table: it has a row for each network and device, with the latency in
  /// `latencyColumn`. It may also have columns for quantiles (`low` and `high`, `p10` and `p90`, or `q1` and `q3`)
  /// and medians of halves (`half1` and `half2`, or `even_rounds` and `odd_rounds`), with or without the latency's
  /// unit as a suffix (`low_ms`), and for the number of runs (`repeats` or `runs`). A row without a latency is
  /// skipped if its column `reason` says why the network failed.
  ///
  /// Any other table is a *wide* table: it has a row for each network, and beside the id a column for each device. An
  /// empty field means that the network was not measured.
  ///
  /// ```swift
  /// let data = try LatencyData.load(
  ///   architectures: "architectures.jsonl", latencies: "latency.csv", devices: ["epyc-ort-1t", "epyc-mnn-1t"])
  /// ```
  /// - Parameters:
  ///   - architectures: A file for `NetworkGraph.load`.
  ///   - latencies: A CSV file.
  ///   - devices: The names of the devices to read, in this order; nil reads all in the order of the table.
  ///   - descriptions: Descriptions of devices. A device without one has only its name.
  ///   - unit: The unit of a wide table. A long table's unit is the suffix of `latencyColumn`: `_ms`, `_us`, `_ns` or
  ///     `_s`.
  ///   - idColumn: The column with the ids; by default `id`, or else `arch`.
  ///   - matching: Whether each network needs a measurement on some device, and each measurement a network.
  /// - Throws: `InputError` at file, line and column.
  public static func load(
    architectures: String, latencies: String, devices: [String]? = nil, describedBy descriptions: [Device] = [],
    latencyColumn: String = "median_ms", unit: String = "ms", idColumn: String? = nil, name: String? = nil,
    matching: Dataset.Matching = .all, registry: OperationRegistry = .standard
  ) throws -> LatencyData {
    let file = try ArchitectureFile(architectures, FileAccess.readContent(architectures), registry: registry)
    return try LatencyData(
      graphs: file.graphs, latencies: CSVTable.read(latencies), devices: devices, describedBy: descriptions,
      latencyColumn: latencyColumn, unit: unit, idColumn: idColumn, name: name, matching: matching)
  }

  /// Joins graphs to a table that has been read.
  public init(
    graphs: [NetworkGraph], latencies table: CSVTable, devices wanted: [String]? = nil,
    describedBy descriptions: [Device] = [], latencyColumn: String = "median_ms", unit: String = "ms",
    idColumn: String? = nil, name: String? = nil, matching: Dataset.Matching = .all
  ) throws {
    let table = try DeviceTable(
      table, graphs: graphs, wanted: wanted, latencyColumn: latencyColumn, unit: unit, idColumn: idColumn,
      isStrict: matching == .all)
    let measured = graphs.indices.filter { graph in table.columns.contains { $0[graph] != nil } }
    if matching == .all, measured.count < graphs.count,
      let alone = graphs.indices.first(where: { graph in !table.columns.contains { $0[graph] != nil } })
    {
      throw InputError.noLatency(of: graphs[alone].id, "on any device in \(table.file)")
    }
    guard !measured.isEmpty else {
      throw InputError(
        "no architecture has a latency", at: Place(file: table.file),
        remedy: "The ids of the two files must be the same; the graphs have \(quotedList(graphs.map(\.id), limit: 3)).")
    }
    let known = Dictionary(descriptions.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    try self.init(
      name: name, unit: table.unit, graphs: measured.map { graphs[$0] },
      devices: table.devices.map { known[$0] ?? Device($0) },
      measurements: table.columns.map { column in measured.map { column[$0] } })
  }
}

/// A long or a wide table, arranged as one column for each device with a place for each graph.
private struct DeviceTable {
  let file: String
  var unit: String
  var devices: [String]
  var columns: [[Measurement?]]

  init(
    _ table: CSVTable, graphs: [NetworkGraph], wanted: [String]?, latencyColumn: String, unit: String,
    idColumn: String?, isStrict: Bool
  ) throws {
    file = table.file
    let idName = idColumn ?? ["id", "arch"].first(where: table.header.contains) ?? "id"
    let ids = try table.index(of: idName)
    let deviceColumn = table.header.firstIndex(of: "device")
    let present: [String]
    if let deviceColumn {
      var seen = Set<String>()
      present = table.rows.map { $0[deviceColumn] }.filter { seen.insert($0).inserted }
    } else {
      present = table.header.indices.filter { $0 != ids }.map { table.header[$0] }
    }
    for name in wanted ?? [] where !present.contains(name) {
      throw InputError(
        "the table has no device \"\(name)\"", at: Place(file: table.file),
        remedy: InputError.remedy(unknown: name, among: present, called: "devices"))
    }
    devices = wanted ?? present
    self.unit = deviceColumn == nil ? unit : LatencyTable.unit(ofColumn: latencyColumn)
    columns = devices.map { _ in Array(repeating: nil, count: graphs.count) }
    let graphOfID = Dictionary(graphs.indices.map { (graphs[$0].id, $0) }, uniquingKeysWith: { first, _ in first })
    let reader = try deviceColumn.map { _ in try LongRow(table, latencyColumn: latencyColumn, unit: self.unit) }
    let places = Dictionary(devices.indices.map { (devices[$0], $0) }, uniquingKeysWith: { first, _ in first })
    let wide = deviceColumn == nil ? try devices.map { try table.index(of: $0) } : []
    var lines: [String: Int] = [:]
    for row in table.rows {
      let id = row[ids]
      guard !id.isEmpty else {
        throw InputError.noID.at(table.place(of: row, column: ids))
      }
      let device = deviceColumn.map { row[$0] }
      let key = "\(id)\u{0}\(device ?? "")"
      if let first = lines.updateValue(row.line, forKey: key) {
        throw InputError(
          "\"\(id)\" has a row\(device.map { " for \"\($0)\"" } ?? "") already, in line \(first)",
          at: Place(file: table.file, line: row.line), remedy: "Remove one of the two rows.")
      }
      guard let graph = graphOfID[id] else {
        guard isStrict else { continue }
        throw InputError.noArchitecture(of: id).at(Place(file: table.file, line: row.line))
      }
      if let device, let reader {
        guard let place = places[device], !reader.isFailure(row) else { continue }
        columns[place][graph] = try reader.measurement(row, of: id, in: table)
      } else {
        for (place, column) in wide.enumerated() where !row[column].allSatisfy(\.isWhitespace) {
          columns[place][graph] = Measurement(try LatencyTable.latency(of: id, in: table, row: row, column: column))
        }
      }
    }
  }
}

/// The columns of a long table with the parts of a measurement.
private struct LongRow {
  private let latency: Int
  private let low, high, repeats: Int?
  private let halves: [Int]
  private let reason: Int?

  init(_ table: CSVTable, latencyColumn: String, unit: String) throws {
    latency = try table.index(of: latencyColumn)
    func column(_ names: [String]) -> Int? {
      names.lazy.compactMap { name in
        table.header.firstIndex(of: unit.isEmpty ? name : "\(name)_\(unit)") ?? table.header.firstIndex(of: name)
      }.first
    }
    low = column(["low", "p10", "q1"])
    high = column(["high", "p90", "q3"])
    reason = table.header.firstIndex(of: "reason")
    repeats = table.header.firstIndex(of: "repeats") ?? table.header.firstIndex(of: "runs")
    halves = [column(["half1", "even_rounds"]), column(["half2", "odd_rounds"])].compactMap(\.self)
  }

  /// Whether the network failed on the device: the row has a reason instead of a latency.
  func isFailure(_ row: CSVTable.Row) -> Bool { row[latency].isEmpty && reason.map { !row[$0].isEmpty } == true }

  func measurement(_ row: CSVTable.Row, of id: String, in table: CSVTable) throws -> Measurement {
    func number(_ column: Int?) throws -> Double? {
      guard let column, !row[column].isEmpty else { return nil }
      return try LatencyTable.latency(of: id, in: table, row: row, column: column)
    }
    let halves = try halves.count == 2 ? halves.compactMap(number) : []
    let repeats = repeats.map { row[$0] } ?? ""
    guard repeats.isEmpty || Int(repeats).map({ $0 > 0 }) == true else {
      throw InputError(
        "the number of repeats \"\(repeats)\" of \"\(id)\" is not a whole number above 0",
        at: self.repeats.map { table.place(of: row, column: $0) }, remedy: "Write it like 40, or leave it empty.")
    }
    let measurement = Measurement(
      try LatencyTable.latency(of: id, in: table, row: row, column: latency), low: try number(low),
      high: try number(high), repeats: Int(repeats), halves: halves.count == 2 ? halves : nil)
    do {
      try measurement.validate()
    } catch let error as InputError {
      throw InputError("\"\(id)\": \(error.cause)", at: Place(file: table.file, line: row.line), remedy: error.remedy)
    }
    return measurement
  }
}
