internal import Basics
import Foundation

/// The reason why bytes are not a message.
package enum ProtobufFailure: Error, Equatable {
  /// The bytes end in the middle of a field.
  case truncated
  case malformed
  /// The bytes contain more messages than `Budgets.onnxMessages`.
  case tooManyMessages
}

/// The wire types, which tell the size of a field's value.
enum ProtobufWireType: UInt64 {
  case varint
  case fixed64
  case lengthDelimited
  case groupStart
  case groupEnd
  case fixed32
}

/// Reads the fields of a message one after another, from untrusted bytes.
///
/// Source: "Encoding", https://protobuf.dev/programming-guides/encoding. Every read is checked against the message's
/// end.
struct ProtobufReader {
  /// The greatest depth of nested groups, which are only skipped.
  private static let groupLimit = 100

  /// The whole file. Values are slices of it.
  private let content: Data
  private let bytes: UnsafeRawBufferPointer
  private var position: Int
  private let end: Int
  /// The number of messages in the file that have been begun so far.
  private(set) var messageCount = 0

  /// - Parameter bytes: The bytes of `content`, which must stay valid as long as the reader is used.
  init(_ content: Data, bytes: UnsafeRawBufferPointer) {
    (self.content, self.bytes) = (content, bytes)
    (position, end) = (0, bytes.count)
  }

  private init(_ outer: ProtobufReader, _ range: Range<Int>) {
    (content, bytes, messageCount) = (outer.content, outer.bytes, outer.messageCount)
    (position, end) = (range.lowerBound, range.upperBound)
  }

  /// The number and wire type of the next field; nil at the message's end.
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

  /// A little-endian number of fixed size.
  mutating func fixed<Bits: FixedWidthInteger>(_: Bits.Type) throws(ProtobufFailure) -> Bits {
    let range = try take(UInt64(MemoryLayout<Bits>.size))
    return Bits(littleEndian: bytes.loadUnaligned(fromByteOffset: range.lowerBound, as: Bits.self))
  }

  /// The bytes of a field with a length prefix, as a slice of the file.
  mutating func payload() throws(ProtobufFailure) -> Data {
    let range = try take(varint())
    return content[content.startIndex + range.lowerBound..<content.startIndex + range.upperBound]
  }

  mutating func text() throws(ProtobufFailure) -> String {
    guard let text = String(validating: bytes[try take(varint())], as: UTF8.self) else { throw .malformed }
    return text
  }

  /// Reads the content of a field with a length prefix: a message, or packed numbers.
  mutating func nested(_ body: (inout ProtobufReader) throws(ProtobufFailure) -> Void) throws(ProtobufFailure) {
    var inner = ProtobufReader(self, try take(varint()))
    try body(&inner)
    messageCount = inner.messageCount
  }

  var isAtEnd: Bool { position == end }

  /// Counts a message that begins here.
  mutating func beginMessage() throws(ProtobufFailure) {
    messageCount += 1
    guard messageCount <= Budgets.onnxMessages else { throw .tooManyMessages }
  }

  /// Skips a field's value.
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

  /// The range of the next `count` bytes.
  private mutating func take(_ count: UInt64) throws(ProtobufFailure) -> Range<Int> {
    guard count <= UInt64(end - position) else { throw .truncated }
    let start = position
    position += Int(count)
    return start..<position
  }
}
