import Foundation

/// Writes `Codable` values as CBOR (RFC 8949) in its deterministic form: equal values give equal bytes.
///
/// Values have the same structure as with `JSONEncoder`: lists are lists, and keyed containers are maps from text. In
/// addition, `Data` is a byte string, arrays of numbers are typed arrays (RFC 8746), which are copied as a whole, and
/// `URL` and `Decimal` are text. Sets, and dictionaries whose keys are not text, are ordered by their elements'
/// bytes. All NaNs have the same bytes.
///
/// ```swift
/// let bytes = try CBOREncoder().encode([1.5, 2.5]).data
/// let numbers = try CBORDecoder().decode([Double].self, from: bytes)
/// ```
public struct CBOREncoder {
  public var userInfo: [CodingUserInfoKey: Any] = [:]
  /// A folder for a temporary file, which takes the bytes of long lists inside structures. The place of such a list in
  /// the value is known only when the structure ends, so it can't be handed over before. With nil it stays in memory.
  public var temporaryFolder: String?

  public init() {}

  /// - Throws: `EncodingError`, or an error of the value's own.
  public func encode<Value: Encodable>(_ value: Value) throws -> EncodedValue {
    try write(value, handingOver: nil)
  }

  /// Encodes a value, and hands over the bytes of a long list while the list is being encoded, so that they are never
  /// in memory as a whole. Only lists that are the value itself, or elements of such a list, are handed over in parts;
  /// others can be kept in a file (`temporaryFolder`).
  ///
  /// - Parameter handOver: Is called with the next bytes, which are about a megabyte and are not used afterwards.
  /// - Returns: The rest of the bytes, which are all of them if nothing was handed over.
  /// - Throws: `EncodingError`, an error of the value's own, or an error of `handOver`. What was handed over is then
  ///   not a whole value.
  public func encode<Value: Encodable>(
    _ value: Value, handingOver handOver: @escaping (EncodedValue) throws -> Void
  ) throws -> EncodedValue {
    try write(value) { try handOver(EncodedValue($0)) }
  }

  private func write(
    _ value: some Encodable, handingOver handOver: ((CBORWriter) throws -> Void)?
  ) throws -> EncodedValue {
    let writer = CBORWriter(userInfo: userInfo)
    writer.handOver = handOver
    writer.asideFolder = temporaryFolder
    defer {
      writer.handOver = nil
      writer.finish()
    }
    writer.write(CBORMajor.tag, CBORTag.selfDescribed)
    try writer.write(whole: value)
    return EncodedValue(writer)
  }
}

/// The bytes of a value. Large arrays of numbers are not copied but refer to the value's own memory.
public struct EncodedValue {
  private let writer: CBORWriter

  init(_ writer: CBORWriter) {
    self.writer = writer
  }

  /// The number of bytes that are neither in the value's own memory nor set aside.
  var ownCount: Int { writer.count }

  public var count: Int { writer.externals.reduce(writer.count) { $0 + $1.numbers.byteCount } }

  /// Calls `body` with the bytes, part by part.
  public func forEachPart(_ body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
    var offset = 0
    func own(upTo end: Int) throws {
      for start in stride(from: offset, to: end, by: Self.partSize) {
        try body(UnsafeRawBufferPointer(start: writer.base + start, count: min(Self.partSize, end - start)))
      }
      offset = end
    }
    for external in writer.externals {
      try own(upTo: external.offset)
      try external.numbers.withBytes { bytes in
        for start in stride(from: 0, to: bytes.count, by: Self.partSize) {
          let part = UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + Self.partSize, bytes.count)])
          if external.numbers.isCanonical(part) {
            try body(part)
          } else {
            var copy = Array(part)
            copy.withUnsafeMutableBytes { external.numbers.makeCanonical($0) }
            try copy.withUnsafeBytes { try body($0) }
          }
        }
      }
    }
    try own(upTo: writer.count)
  }

  /// The number of bytes that are copied at a time, so that the search for NaN finds them in the processor's cache.
  private static let partSize = 1 << 18

  /// The bytes in one piece.
  public var data: Data {
    var data = Data(capacity: count)
    forEachPart { part in data.append(contentsOf: part) }
    return data
  }
}
