import Foundation

/// Writes natural numbers in seven-bit groups, lowest first, the top bit of all but the last set (LEB128): small numbers
/// take one byte.
struct NaturalNumberWriter {
  private(set) var data = Data()

  mutating func write(_ number: Int) {
    var rest = UInt(bitPattern: number)
    while rest >= 0x80 {
      data.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    data.append(UInt8(rest))
  }
}

/// Reads what `NaturalNumberWriter` wrote.
struct NaturalNumberReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ data: Data) {
    bytes = Array(data)
  }

  var isAtEnd: Bool { position == bytes.count }

  /// The next number, or nil when the bytes end or it is beyond 2^56.
  mutating func read() -> Int? {
    var number = 0
    for shift in stride(from: 0, to: 56, by: 7) {
      guard position < bytes.count else { return nil }
      let byte = bytes[position]
      position += 1
      number |= Int(byte & 0x7F) << shift
      if byte < 0x80 { return number }
    }
    return nil
  }
}
