import Foundation

/// Converts numbers to little-endian bytes and back, for compact and exact `Codable` forms.
enum PackedNumbers {
  static func pack(_ values: [Double]) -> Data {
    values.map(\.bitPattern.littleEndian).withUnsafeBytes { Data($0) }
  }

  /// The numbers in `data`; nil unless its length is a multiple of a number's size.
  static func unpack(_ data: Data) -> [Double]? {
    guard data.count % MemoryLayout<UInt64>.size == 0 else { return nil }
    return data.withUnsafeBytes { bytes in
      stride(from: 0, to: bytes.count, by: MemoryLayout<UInt64>.size).map { offset in
        Double(bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
      }
    }
  }
}

/// Writes natural numbers in LEB128: groups of seven bits, the lowest first, with the top bit set in all bytes but
/// the last. Small numbers take one byte.
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

/// Reads the output of `NaturalNumberWriter`.
struct NaturalNumberReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ data: Data) {
    bytes = Array(data)
  }

  var isAtEnd: Bool { position == bytes.count }

  /// The next number; nil at the end of the bytes and for numbers above 2^56.
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
