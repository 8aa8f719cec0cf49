import Foundation

/// A message as plain values, with a list of its fields by which it is read and written.
///
/// As in protobuf itself, a missing field has its type's zero value, and unknown fields are skipped. Of several
/// values for a field the last one counts, but several messages for a field are merged.
package protocol ProtobufMessage: Hashable, Sendable {
  init()
  static var fields: [ProtobufField<Self>] { get }
}

extension ProtobufMessage {
  /// Reads the bytes of a file.
  package init(decoding content: Data) throws(ProtobufFailure) {
    self.init()
    // A closure with typed throws can't be passed to `withUnsafeBytes` of Data.
    let result = content.withUnsafeBytes { bytes -> Result<Self, ProtobufFailure> in
      var reader = ProtobufReader(content, bytes: bytes)
      var message = Self()
      do throws(ProtobufFailure) {
        try message.read(from: &reader)
        return .success(message)
      } catch {
        return .failure(error)
      }
    }
    self = try result.get()
  }

  /// The bytes of a file. Fields with their type's zero value are left out.
  package func encoded() -> Data {
    var writer = ProtobufWriter()
    write(to: &writer)
    return writer.content
  }

  /// Reads fields until the end, and merges them into the existing values.
  mutating func read(from reader: inout ProtobufReader) throws(ProtobufFailure) {
    try reader.beginMessage()
    let fields = Self.fields
    while let (number, type) = try reader.nextField() {
      guard let field = fields.first(where: { $0.number == number }), try field.read(&self, type, &reader) else {
        try reader.skip(type, number: number)
        continue
      }
    }
  }

  func write(to writer: inout ProtobufWriter) {
    for field in Self.fields { field.write(self, &writer) }
  }
}
