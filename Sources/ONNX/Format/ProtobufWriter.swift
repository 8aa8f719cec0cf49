import Foundation

/// Writes the fields of a message in the wire format that `ProtobufReader` reads.
struct ProtobufWriter {
  private(set) var content = Data()

  mutating func tag(_ number: UInt64, _ type: ProtobufWireType) {
    varint(number << 3 | type.rawValue)
  }

  mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      content.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    content.append(UInt8(rest))
  }

  /// Writes a little-endian number of fixed size.
  mutating func fixed(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { content.append(contentsOf: $0) }
  }

  /// Writes the length of the bytes, and the bytes.
  mutating func payload(_ bytes: Data) {
    varint(UInt64(bytes.count))
    content.append(bytes)
  }
}
