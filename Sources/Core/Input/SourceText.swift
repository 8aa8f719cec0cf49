import Foundation

/// The bytes of a text file without its byte order mark, and the places in it.
struct SourceText: Sendable {
  let file: String
  let bytes: [UInt8]

  init(_ content: Data, file: String) {
    self.file = file
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    bytes = Array(content.starts(with: mark) ? content.dropFirst(mark.count) : content)
  }

  /// The place of the byte at `offset`. It counts lines from the start of the file, so it is meant for errors and not
  /// for loops.
  func place(at offset: Int) -> Place {
    let before = bytes[..<min(offset, bytes.count)]
    var line = 1
    var lineStart = 0
    var previous: UInt8 = 0
    for (index, byte) in before.enumerated() {
      if byte == UInt8(ascii: "\n") {
        line += previous == UInt8(ascii: "\r") ? 0 : 1
        lineStart = index + 1
      } else if byte == UInt8(ascii: "\r") {
        line += 1
        lineStart = index + 1
      }
      previous = byte
    }
    return Place(file: file, line: line, column: String(decoding: before[lineStart...], as: UTF8.self).count + 1)
  }
}
