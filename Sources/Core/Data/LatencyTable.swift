import Foundation

/// The latencies of many architectures on one device.
///
/// ```swift
/// let table = try LatencyTable.read("latency.csv", device: "epyc-ort-1t")
/// ```
public struct LatencyTable: Sendable {
  public struct Row: Sendable {
    public var id: String
    /// The latency, which is positive, in the table's unit.
    public var latency: Double
    public var line: Int
  }

  public var file: String
  public var device: String
  /// The unit of the latencies: "ms", "us", "ns" or "s" if it is the suffix of the column's name (`median_ms`), else
  /// empty.
  public var unit: String
  public var rows: [Row]

  /// Reads a CSV file whose header names the columns.
  ///
  /// If the table has a column `device`, only the rows of `device` are read (nil for the only device). Otherwise all
  /// rows belong to one device, and `device` is its name. A row without a latency is skipped if its column `reason`
  /// says why there is none.
  /// - Parameter idColumn: The column with the ids; by default `id`, or else `arch`.
  /// - Throws: `InputError` at file, line and column when a latency of the device is missing, not a number or not
  ///   positive, when two rows have the same id, and when the column or device doesn't exist.
  public static func read(
    _ path: String, device: String? = nil, latencyColumn: String = "median_ms", idColumn: String? = nil
  ) throws -> LatencyTable {
    try LatencyTable(CSVTable.read(path), device: device, latencyColumn: latencyColumn, idColumn: idColumn)
  }

  /// The devices of a latency file in the order of their first rows; empty when it has no column `device`.
  /// - Throws: `InputError` at file, line and column.
  public static func devices(in path: String) throws -> [String] {
    devices(in: try CSVTable.read(path))
  }

  private static func devices(in table: CSVTable) -> [String] {
    guard let column = table.header.firstIndex(of: deviceColumn) else { return [] }
    return table.fields.text.bytes.withUnsafeBufferPointer { bytes in
      // The bytes of the last name. Most rows have the same name as the row before.
      var last: UnsafeBufferPointer<UInt8>?
      var names: [String] = []
      var seen = Set<String>()
      for row in 0..<table.fields.rowCount {
        let content = table.fields.content(row: row, column: column, in: bytes)
        if let content, let last, content.elementsEqual(last) { continue }
        last = content
        let name = table.fields.string(row: row, column: column, in: bytes)
        if seen.insert(name).inserted { names.append(name) }
      }
      return names
    }
  }

  private static let deviceColumn = "device"
  private static let idColumns = ["id", "arch"]
  private static let units = ["ms", "us", "ns", "s"]

  /// Takes the rows of a table that has been read.
  public init(
    _ table: CSVTable, device: String? = nil, latencyColumn: String = "median_ms", idColumn: String? = nil
  ) throws {
    let known = idColumn ?? Self.idColumns.first(where: table.header.contains) ?? Self.idColumns[0]
    let ids = try Self.index(of: known, in: table, parameter: "idColumn")
    let latencies = try Self.index(of: latencyColumn, in: table, parameter: "latencyColumn")
    file = table.file
    self.device = try Self.device(device, in: table)
    unit = Self.unit(ofColumn: latencyColumn)
    let column = table.header.firstIndex(of: Self.deviceColumn)
    rows = try Self.rows(table, ids: ids, latencies: latencies, device: self.device, deviceColumn: column)
    guard !rows.isEmpty else {
      throw InputError.noRows.at(Place(file: file))
    }
  }

  /// The rows of a device; all rows if there is no column of devices.
  private static func rows(
    _ table: CSVTable, ids: Int, latencies: Int, device: String, deviceColumn: Int?
  ) throws -> [Row] {
    let fields = table.fields
    // A row of a model that failed on the device has a reason instead of a latency.
    let reasons = table.header.firstIndex(of: "reason")
    var name = device
    let isASCII = name.utf8.allSatisfy { $0 < 0x80 }
    return try name.withUTF8 { name in
      try fields.text.bytes.withUnsafeBufferPointer { bytes in
        var rows: [Row] = []
        var lines = FirstLines(capacity: fields.rowCount)
        if deviceColumn == nil { rows.reserveCapacity(fields.rowCount) }
        for (index, line) in fields.lines.enumerated() {
          if let deviceColumn {
            let content = fields.content(row: index, column: deviceColumn, in: bytes)
            var isSame = content?.elementsEqual(name) ?? false
            if !isSame, content == nil || !isASCII {
              isSame = fields.string(row: index, column: deviceColumn, in: bytes) == device
            }
            if !isSame { continue }
          }
          func place(_ column: Int) -> Place { fields.place(row: index, column: column) }
          let id = fields.string(row: index, column: ids, in: bytes)
          guard !id.isEmpty else {
            throw InputError.noID.at(place(ids))
          }
          let content = fields.content(row: index, column: ids, in: bytes)
          if let first = content.map({ lines.add($0, line: line) }) ?? lines.add(id, line: line) {
            throw InputError.secondLatency(of: id, on: device, first: first).at(Place(file: table.file, line: line))
          }
          let text = fields.content(row: index, column: latencies, in: bytes)
          if let number = text.flatMap(DecimalText.number), number > 0 {
            rows.append(Row(id: id, latency: number, line: line))
            continue
          }
          do {
            let text = fields.string(row: index, column: latencies, in: bytes)
            if text.isEmpty, let reasons, !fields.string(row: index, column: reasons, in: bytes).isEmpty { continue }
            rows.append(Row(id: id, latency: try latency(text, of: id), line: line))
          } catch let error as InputError {
            throw error.at(place(latencies))
          }
        }
        return rows
      }
    }
  }

  private static func index(of column: String, in table: CSVTable, parameter: String) throws -> Int {
    do {
      return try table.index(of: column)
    } catch let error as InputError {
      let remedy = [error.remedy, "Name another by \(parameter):."].compactMap(\.self).joined(separator: " ")
      throw InputError(error.cause, at: error.place, remedy: remedy)
    }
  }

  private static func device(_ wanted: String?, in table: CSVTable) throws -> String {
    let devices = devices(in: table)
    switch wanted {
    case let wanted? where devices.isEmpty || devices.contains(wanted):
      return wanted
    case let wanted?:
      throw InputError.unknownDevice(wanted, among: devices).at(Place(file: table.file))
    case nil where devices.count > 1:
      throw InputError.severalDevices(devices).at(Place(file: table.file))
    case nil:
      return devices.first ?? ""
    }
  }

  /// The unit that is the suffix of a column's name; empty if there is none.
  static func unit(ofColumn name: String) -> String {
    units.first { name.hasSuffix("_\($0)") } ?? ""
  }

  /// The latency in one field of a table.
  /// - Throws: `InputError` at its place.
  static func latency(of id: String, in table: CSVTable, row: CSVTable.Row, column: Int) throws -> Double {
    do {
      return try latency(row[column], of: id)
    } catch let error as InputError {
      throw error.at(table.place(of: row, column: column))
    }
  }

  private static func latency(_ text: String, of id: String) throws -> Double {
    let text = text.trimmingCharacters(in: .whitespaces)
    if text.isEmpty { throw InputError.noLatency(of: id) }
    // `Double` would also read hexadecimal digits, "nan" and "inf".
    guard text.utf8.allSatisfy({ "0123456789.eE+-".utf8.contains($0) }), let value = Double(text), value.isFinite
    else { throw InputError.latencyNotNumber(text, of: id) }
    if value <= 0 { throw InputError.latencyNotPositive(text, of: id) }
    return value
  }
}

/// The errors in a table of latencies.
extension InputError {
  fileprivate static let noRows = InputError(
    "the table has no rows", remedy: "It needs a row for each architecture.")

  fileprivate static func secondLatency(of id: String, on device: String, first line: Int) -> InputError {
    InputError(
      "\"\(id)\" has a latency on \"\(device)\" already, in line \(line)", remedy: "Remove one of the two rows.")
  }

  fileprivate static func unknownDevice(_ name: String, among devices: [String]) -> InputError {
    InputError(
      "the table has no device \"\(name)\"",
      remedy: remedy(unknown: name, among: devices, called: "devices"))
  }

  fileprivate static func severalDevices(_ devices: [String]) -> InputError {
    InputError(
      "the latencies are of \(devices.count) devices",
      remedy: "Choose one with device:. The devices are \(quotedList(devices)).")
  }

  fileprivate static func noLatency(of id: String) -> InputError {
    InputError(
      "the latency of \"\(id)\" is missing", remedy: "Complete the row, or remove it and the architecture.")
  }

  fileprivate static func latencyNotNumber(_ text: String, of id: String) -> InputError {
    InputError(
      "the latency \"\(text)\" of \"\(id)\" is not a number",
      remedy: "Write it like 2.7262, with a point and without a unit.")
  }

  fileprivate static func latencyNotPositive(_ text: String, of id: String) -> InputError {
    InputError(
      "the latency \"\(text)\" of \"\(id)\" is not a positive number",
      remedy: "Remove the row and the architecture, or measure it again.")
  }
}
