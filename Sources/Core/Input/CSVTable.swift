import Foundation

/// A table from a CSV file: strict RFC 4180 in UTF-8. The first row names the columns.
///
/// A byte order mark, CRLF or LF line ends and blank lines are accepted. An unclosed quote, text after a closing
/// quote, or a row whose number of fields differs from the header's is an error at its line and column.
///
/// ```swift
/// let splits = try CSVTable.read("splits.csv")
/// let order = try splits.column("p0")
/// ```
public struct CSVTable: Sendable {
  /// One row. Its fields become strings only when they are accessed.
  public struct Row: Sendable {
    /// The line of the file on which the row begins.
    public let line: Int
    let index: Int
    fileprivate let fieldsOfTable: CSVFields

    public var fields: [String] { (0..<fieldsOfTable.columnCount).map { self[$0] } }

    /// The field in the column with this index.
    public subscript(column: Int) -> String { fieldsOfTable.string(row: index, column: column) }
  }

  /// The rows in the order of the file.
  public struct Rows: RandomAccessCollection, Sendable {
    fileprivate let fields: CSVFields

    public var startIndex: Int { 0 }
    public var endIndex: Int { fields.rowCount }
    public subscript(position: Int) -> Row {
      Row(line: fields.lines[position], index: position, fieldsOfTable: fields)
    }
  }

  public let file: String
  public let header: [String]
  public var rows: Rows { Rows(fields: fields) }
  let fields: CSVFields

  /// Reads a file, also one that is compressed by gzip (`splits.csv.gz`).
  /// - Throws: `InputError` at file, line and column.
  public static func read(_ path: String) throws -> CSVTable {
    try CSVTable(FileAccess.readContent(path), file: path)
  }

  /// - Parameter file: The name that errors and places carry.
  /// - Throws: `InputError` at file, line and column.
  public init(_ content: Data, file: String) throws {
    self.file = file
    (header, fields) = try CSVParser.parse(SourceText(content, file: file))
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
    return (0..<fields.rowCount).map { fields.string(row: $0, column: index) }
  }

  /// Where a field stands.
  public func place(of row: Row, column: Int) -> Place { fields.place(row: row.index, column: column) }
}
