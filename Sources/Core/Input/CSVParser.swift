/// Finds the fields of a CSV file and its errors.
struct CSVParser {
  private let text: SourceText
  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0
  private var line = 1
  private var starts: [Int] = []

  static let quote = UInt8(ascii: "\"")
  private static let comma = UInt8(ascii: ",")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  @inline(__always)
  static func endsField(_ byte: UInt8) -> Bool { byte == comma || byte == lineFeed || byte == carriageReturn }

  /// - Returns: The names of the columns, and the fields of the rows below them.
  /// - Throws: `InputError` at file, line and column.
  static func parse(_ text: SourceText) throws -> (header: [String], fields: CSVFields) {
    try text.bytes.withUnsafeBufferPointer { bytes in
      var parser = CSVParser(text: text, bytes: bytes)
      guard try parser.row() != nil else {
        throw InputError(
          "the file is empty", at: Place(file: text.file), remedy: "Its first line must name the columns.")
      }
      let count = parser.starts.count
      let head = CSVFields(text: text, columnCount: count, starts: parser.starts, lines: [1])
      var names: Set<String> = []
      let header = try (0..<count).map { column in
        let name = head.string(row: 0, column: column, in: bytes)
        guard names.insert(name).inserted else {
          throw InputError(
            "two columns have the name \"\(name)\"", at: head.place(row: 0, column: column),
            remedy: "Rename one of them.")
        }
        return name
      }
      parser.starts = []
      var lines: [Int] = []
      while let line = try parser.row() {
        let found = parser.starts.count - lines.count * count
        guard found == count else {
          throw InputError(
            "the row has \(found == 1 ? "1 field" : "\(found) fields"), the header \(count)",
            at: Place(file: text.file, line: line),
            remedy: "Complete the row, or put a field with a comma in quotes.")
        }
        lines.append(line)
        if lines.count == 1000 {
          // The estimated number of rows in the file, from the length of the first ones.
          let rows = bytes.count / max(1, parser.position / lines.count)
          lines.reserveCapacity(rows + rows / 16)
          parser.starts.reserveCapacity((rows + rows / 16) * count)
        }
      }
      return (header, CSVFields(text: text, columnCount: count, starts: parser.starts, lines: lines))
    }
  }

  private init(text: SourceText, bytes: UnsafeBufferPointer<UInt8>) {
    self.text = text
    self.bytes = bytes
  }

  /// The line of the next row that isn't blank; nil at the end.
  private mutating func row() throws -> Int? {
    while position < bytes.count, endLine() {}
    guard position < bytes.count else { return nil }
    let first = line
    repeat {
      starts.append(position)
      if position < bytes.count, bytes[position] == Self.quote { try skipQuoted() } else { try skipPlain() }
    } while advance(over: Self.comma)
    guard position == bytes.count || endLine() else {
      throw InputError(
        "a closing quote is followed by text", at: text.place(at: position),
        remedy: "A quote inside a quoted field is written twice.")
    }
    return first
  }

  @inline(__always)
  private mutating func skipPlain() throws {
    let start = position
    var end = position
    var seen: UInt8 = 0
    while end < bytes.count {
      let byte = bytes[end]
      if Self.endsField(byte) { break }
      guard byte != Self.quote else {
        throw InputError(
          "an unquoted field contains a quote", at: text.place(at: end),
          remedy: "Put the whole field in quotes and write the inner quote twice.")
      }
      seen |= byte
      end += 1
    }
    position = end
    if seen >= 0x80 { try requireText(start..<end, from: start) }
  }

  private mutating func skipQuoted() throws {
    let start = position
    var seen: UInt8 = 0
    position += 1
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      seen |= byte
      if byte == Self.quote {
        if advance(over: Self.quote) { continue }
        if seen >= 0x80 { try requireText(start..<position, from: start) }
        return
      }
      if byte == Self.lineFeed { line += 1 }
    }
    throw InputError("the quote that begins here is never closed", at: text.place(at: start))
  }

  private func requireText(_ range: Range<Int>, from start: Int) throws {
    guard String(validating: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self) == nil else { return }
    throw InputError(
      "the field is not UTF-8 text", at: text.place(at: start), remedy: "Save the file in the encoding UTF-8.")
  }

  @inline(__always)
  private mutating func advance(over byte: UInt8) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  @inline(__always)
  private mutating func endLine() -> Bool {
    let ended = advance(over: Self.carriageReturn)
    guard advance(over: Self.lineFeed) || ended else { return false }
    line += 1
    return true
  }
}
