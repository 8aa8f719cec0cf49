import Foundation

/// Decodes the output of `CBOREncoder` from untrusted bytes. Invalid bytes cause an error, and take neither more
/// memory than valid bytes of their length nor more of the stack than a bounded depth.
public struct CBORDecoder {
  public var userInfo: [CodingUserInfoKey: Any] = [:]
  /// Called with parts of a large input that have been decoded, so that their memory can be released. The bytes must
  /// stay readable, as those of a mapped file do.
  public var release: ((UnsafeRawBufferPointer) -> Void)?

  public init() {}

  /// Whether values of the type are decoded by copying bytes, without running any code of the type.
  public static func copies<Value>(_ type: Value.Type) -> Bool {
    switch TypeKind(of: type) {
    case .numbers, .data: true
    default: false
    }
  }

  /// - Throws: `DecodingError`, or an error of the value's own.
  public func decode<Value: Decodable>(_ type: Value.Type, from data: Data) throws -> Value {
    try data.withUnsafeBytes { try decode(type, from: $0) }
  }

  /// - Throws: `DecodingError`, or an error of the value's own.
  public func decode<Value: Decodable>(_ type: Value.Type, from bytes: UnsafeRawBufferPointer) throws -> Value {
    do {
      let reader = CBORReader(bytes: bytes)
      let source = try DecodingSource(reader, userInfo: userInfo, release: release)
      defer { source.finish() }
      let (value, known) = try source.value(type)
      let end = try known ?? reader.end(of: source.start)
      if end < bytes.count { throw CBORError("the value is followed by more bytes", at: end) }
      return value
    } catch let error as CBORError {
      throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: error.description))
    }
  }
}
