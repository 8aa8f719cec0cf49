internal import Basics
import Foundation

/// Why bytes are no message.
package enum ProtobufFailure: Error, Equatable {
  /// They end in the middle of a field.
  case truncated
  case malformed
  /// They hold more messages than `Budgets.onnxMessages`.
  case tooManyMessages
}

/// How a field's value is laid out, by the numbers of the wire format.
enum ProtobufWireType: UInt64 {
  case varint
  case fixed64
  case lengthDelimited
  case groupStart
  case groupEnd
  case fixed32
}

/// Reads the fields of a message one after another, from bytes that may be anything.
///
/// Source: "Encoding", https://protobuf.dev/programming-guides/encoding. Every read is checked against the message's
/// end.
struct ProtobufReader {
  /// How deep groups may be nested, which are only read past.
  private static let groupLimit = 100

  /// The whole file, of which values are slices.
  private let content: Data
  private let bytes: UnsafeRawBufferPointer
  private var position: Int
  private let end: Int
  /// How many messages have been begun in the whole file so far.
  private(set) var messageCount = 0

  /// - Parameter bytes: The bytes of `content`, which stay where they are as long as the reader is used.
  init(_ content: Data, bytes: UnsafeRawBufferPointer) {
    (self.content, self.bytes) = (content, bytes)
    (position, end) = (0, bytes.count)
  }

  private init(_ outer: ProtobufReader, _ range: Range<Int>) {
    (content, bytes, messageCount) = (outer.content, outer.bytes, outer.messageCount)
    (position, end) = (range.lowerBound, range.upperBound)
  }

  /// The number and layout of the next field; nil at the message's end.
  mutating func nextField() throws(ProtobufFailure) -> (number: UInt64, type: ProtobufWireType)? {
    guard position < end else { return nil }
    let tag = try varint()
    guard let type = ProtobufWireType(rawValue: tag & 7), (1..<1 << 29).contains(tag >> 3) else { throw .malformed }
    return (tag >> 3, type)
  }

  mutating func varint() throws(ProtobufFailure) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard position < end else { throw .truncated }
      let byte = UInt64(bytes[position])
      position += 1
      value |= (byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    throw .malformed
  }

  /// A number of fixed size, little-endian.
  mutating func fixed<Bits: FixedWidthInteger>(_: Bits.Type) throws(ProtobufFailure) -> Bits {
    let range = try take(UInt64(MemoryLayout<Bits>.size))
    return Bits(littleEndian: bytes.loadUnaligned(fromByteOffset: range.lowerBound, as: Bits.self))
  }

  /// The bytes of a field that begins with its length, as a slice of the file.
  mutating func payload() throws(ProtobufFailure) -> Data {
    let range = try take(varint())
    return content[content.startIndex + range.lowerBound..<content.startIndex + range.upperBound]
  }

  mutating func text() throws(ProtobufFailure) -> String {
    guard let text = String(validating: bytes[try take(varint())], as: UTF8.self) else { throw .malformed }
    return text
  }

  /// Reads the inside of a field that begins with its length: a message, or numbers that follow each other.
  mutating func nested(_ body: (inout ProtobufReader) throws(ProtobufFailure) -> Void) throws(ProtobufFailure) {
    var inner = ProtobufReader(self, try take(varint()))
    try body(&inner)
    messageCount = inner.messageCount
  }

  var isAtEnd: Bool { position == end }

  /// Counts a message that begins.
  mutating func beginMessage() throws(ProtobufFailure) {
    messageCount += 1
    guard messageCount <= Budgets.onnxMessages else { throw .tooManyMessages }
  }

  /// Reads past a field's value.
  mutating func skip(_ type: ProtobufWireType, number: UInt64, depth: Int = 0) throws(ProtobufFailure) {
    switch type {
    case .varint: _ = try varint()
    case .fixed64: _ = try take(8)
    case .fixed32: _ = try take(4)
    case .lengthDelimited: _ = try take(varint())
    case .groupEnd: throw .malformed
    case .groupStart:
      guard depth < Self.groupLimit else { throw .malformed }
      while true {
        guard let field = try nextField() else { throw .truncated }
        if field.type == .groupEnd {
          guard field.number == number else { throw .malformed }
          return
        }
        try skip(field.type, number: field.number, depth: depth + 1)
      }
    }
  }

  /// The places of the next `count` bytes.
  private mutating func take(_ count: UInt64) throws(ProtobufFailure) -> Range<Int> {
    guard count <= UInt64(end - position) else { throw .truncated }
    let start = position
    position += Int(count)
    return start..<position
  }
}
