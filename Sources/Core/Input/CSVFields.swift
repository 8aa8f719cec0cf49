/// The fields of a table as offsets in its file.
struct CSVFields: Sendable {
  let text: SourceText
  let columnCount: Int
  /// The start of each field, row by row, as a byte offset in the file.
  let starts: [Int]
  /// The line on which each row begins.
  let lines: [Int]

  var rowCount: Int { lines.count }

  func place(row: Int, column: Int) -> Place { text.place(at: starts[row * columnCount + column]) }

  func string(row: Int, column: Int) -> String {
    text.bytes.withUnsafeBufferPointer { string(row: row, column: column, in: $0) }
  }

  /// The text of a field, from the bytes of the file.
  func string(row: Int, column: Int, in bytes: UnsafeBufferPointer<UInt8>) -> String {
    if let content = content(row: row, column: column, in: bytes) { return String(decoding: content, as: UTF8.self) }
    let start = starts[row * columnCount + column] + 1
    var content: [UInt8] = []
    var position = start
    while position < bytes.count {
      if bytes[position] == CSVParser.quote {
        if position + 1 >= bytes.count || bytes[position + 1] != CSVParser.quote { break }
        position += 1
      }
      content.append(bytes[position])
      position += 1
    }
    return String(decoding: content, as: UTF8.self)
  }

  /// A field's bytes in place, without enclosing quotes; nil if the field has a doubled quote.
  func content(
    row: Int, column: Int, in bytes: UnsafeBufferPointer<UInt8>
  ) -> UnsafeBufferPointer<UInt8>? {
    var start = starts[row * columnCount + column]
    var end = start
    if start < bytes.count, bytes[start] == CSVParser.quote {
      start += 1
      end = start
      while end < bytes.count, bytes[end] != CSVParser.quote { end += 1 }
      if end + 1 < bytes.count, bytes[end + 1] == CSVParser.quote { return nil }
    } else {
      while end < bytes.count, !CSVParser.endsField(bytes[end]) { end += 1 }
    }
    return UnsafeBufferPointer(rebasing: bytes[start..<end])
  }
}
