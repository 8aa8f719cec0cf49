import Foundation

/// A table from a CSV file: strict RFC 4180, UTF-8, the first row names the columns.
///
/// A byte order mark, CRLF or LF line ends and blank lines are taken in stride; an unclosed quote, text after a closing
/// quote or a row with more or fewer fields than the header is an error at its line and column.
///
/// ```swift
/// let splits = try CSVTable.read("splits.csv")
/// let order = try splits.column("p0")
/// ```
public struct CSVTable: Sendable {
  /// One row: its fields and the line of the file on which it begins.
  public struct Row: Sendable {
    public let line: Int
    public let fields: [String]
    /// Where each field begins, in bytes from the start of the file.
    fileprivate let starts: [Int]
  }

  public let file: String
  public let header: [String]
  public let rows: [Row]
  private let text: SourceText

  /// - Throws: `InputError` at file, line and column.
  public static func read(_ path: String) throws -> CSVTable {
    try CSVTable(FileAccess.read(path), file: path)
  }

  /// - Parameter file: the name that errors and places carry.
  /// - Throws: `InputError` at file, line and column.
  public init(_ content: Data, file: String) throws {
    text = SourceText(content, file: file)
    self.file = file
    var parser = CSVParser(text)
    guard let head = try parser.row() else {
      throw InputError("the file is empty", at: Place(file: file), remedy: "Its first line has to name the columns.")
    }
    header = head.fields
    for (index, name) in header.enumerated() where header[..<index].contains(name) {
      throw InputError(
        "two columns are called \"\(name)\"", at: text.place(at: head.starts[index]), remedy: "Rename one of them.")
    }
    var rows: [Row] = []
    while let row = try parser.row() {
      guard row.fields.count == header.count else {
        throw InputError(
          "the row has \(row.fields.count == 1 ? "1 field" : "\(row.fields.count) fields"), the header \(header.count)",
          at: Place(file: file, line: row.line),
          remedy: "Complete the row, or quote a field that has a comma in it.")
      }
      rows.append(row)
    }
    self.rows = rows
  }

  /// The index of the column called `name`.
  /// - Throws: `InputError` that lists the columns there are.
  public func index(of name: String) throws -> Int {
    guard let index = header.firstIndex(of: name) else {
      throw InputError(
        "there is no column \"\(name)\"", at: Place(file: file, line: 1),
        remedy: InputError.remedy(unknown: name, among: header, called: "columns"))
    }
    return index
  }

  /// All values of the column called `name`.
  /// - Throws: `InputError` that lists the columns there are.
  public func column(_ name: String) throws -> [String] {
    let index = try index(of: name)
    return rows.map { $0.fields[index] }
  }

  /// Where a field stands.
  public func place(of row: Row, column: Int) -> Place {
    text.place(at: row.starts[column])
  }
}

/// Reads rows one after the other.
private struct CSVParser {
  private let text: SourceText
  private let bytes: [UInt8]
  private var position = 0
  private var line = 1

  init(_ text: SourceText) {
    self.text = text
    bytes = text.bytes
  }

  private static let quote = UInt8(ascii: "\"")
  private static let comma = UInt8(ascii: ",")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  /// The next row that isn't blank, or nil at the end.
  mutating func row() throws -> CSVTable.Row? {
    while position < bytes.count, endLine() {}
    guard position < bytes.count else { return nil }
    let first = line
    var fields: [String] = []
    var starts: [Int] = []
    repeat {
      starts.append(position)
      fields.append(try bytes[position...].first == Self.quote ? quoted() : plain())
    } while advance(over: Self.comma)
    guard position == bytes.count || endLine() else {
      throw InputError(
        "here is text after a closing quote", at: text.place(at: position),
        remedy: "A quote inside a quoted field is written twice.")
    }
    return CSVTable.Row(line: first, fields: fields, starts: starts)
  }

  private mutating func plain() throws -> String {
    let start = position
    while position < bytes.count, ![Self.comma, Self.lineFeed, Self.carriageReturn].contains(bytes[position]) {
      guard bytes[position] != Self.quote else {
        throw InputError(
          "here is a quote inside a field that isn't quoted", at: text.place(at: position),
          remedy: "Put the whole field in quotes and write the inner quote twice.")
      }
      position += 1
    }
    return try decode(bytes[start..<position], from: start)
  }

  private mutating func quoted() throws -> String {
    let start = position
    var content: [UInt8] = []
    position += 1
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == Self.quote {
        if !advance(over: Self.quote) { return try decode(content[...], from: start) }
      } else if byte == Self.lineFeed {
        line += 1
      }
      content.append(byte)
    }
    throw InputError("the quote that begins here is never closed", at: text.place(at: start))
  }

  private func decode(_ field: ArraySlice<UInt8>, from start: Int) throws -> String {
    guard let string = String(validating: field, as: UTF8.self) else {
      throw InputError(
        "the field is not UTF-8 text", at: text.place(at: start), remedy: "Save the file in the encoding UTF-8.")
    }
    return string
  }

  private mutating func advance(over byte: UInt8) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  private mutating func endLine() -> Bool {
    let ended = advance(over: Self.carriageReturn)
    guard advance(over: Self.lineFeed) || ended else { return false }
    line += 1
    return true
  }
}
