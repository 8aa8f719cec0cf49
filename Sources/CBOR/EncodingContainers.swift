// MARK: What values write to

struct KeyedWriter<Key: CodingKey>: KeyedEncodingContainerProtocol {
  /// The frame owns this container, or the container's owner keeps the frame.
  unowned(unsafe) let frame: EncodingFrame
  private let owner: KeptContainer<EncodingFrame>.Owner
  /// The key memo of the frame.
  private let keys: UnsafeMutablePointer<KeyMemo>

  init(_ frame: EncodingFrame, _ owner: KeptContainer<EncodingFrame>.Owner) {
    self.frame = frame
    self.owner = owner
    keys = frame.keys
  }

  @inline(__always)
  @discardableResult
  private func begin(_ key: Key) throws -> Int {
    let offset = try frame.begin(.keyed)
    keys.pointee.write(key, to: frame.writer)
    return offset
  }

  var codingPath: [any CodingKey] { frame.codingPath }

  func encodeNil(forKey key: Key) throws {
    try begin(key)
    frame.writer.write(CBORSimple.null)
  }

  // The most common types have their own functions, which need no generic dispatch.

  func encode(_ value: Bool, forKey key: Key) throws { try write(value, key) }
  func encode(_ value: Int, forKey key: Key) throws { try write(value, key) }
  func encode(_ value: Double, forKey key: Key) throws { try write(value, key) }
  func encode(_ value: String, forKey key: Key) throws { try write(value, key) }

  @inline(__always)
  private func write(_ value: some Primitive, _ key: Key) throws {
    // Reference counting of the frame and its writer would take longer than the work itself.
    try Unmanaged.passUnretained(frame)._withUnsafeGuaranteedRef { frame in
      _ = try frame.begin(.keyed)
      Unmanaged.passUnretained(frame.writer)._withUnsafeGuaranteedRef { writer in
        keys.pointee.write(key, to: writer)
        value.write(to: writer)
      }
    }
  }

  func encode<Value: Encodable & Primitive>(_ value: Value, forKey key: Key) throws {
    try write(value, key)
  }

  func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
    let offset = try begin(key)
    try frame.write(value, from: offset, .key(key))
  }

  func nestedContainer<Nested>(keyedBy type: Nested.Type, forKey key: Key) -> KeyedEncodingContainer<Nested> {
    nested(key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { nested(key).unkeyedContainer() }

  func superEncoder() -> any Encoder {
    let key = CBORKey("super")
    return frame.nested(key) {
      let offset = try frame.begin(.keyed)
      keys.pointee.write(key, to: frame.writer)
      return offset
    }
  }

  func superEncoder(forKey key: Key) -> any Encoder { nested(key) }

  private func nested(_ key: Key) -> EncodingFrame {
    frame.nested(key) { try begin(key) }
  }
}

struct UnkeyedWriter: UnkeyedEncodingContainer {
  let frame: EncodingFrame

  var codingPath: [any CodingKey] { frame.codingPath }
  var count: Int { frame.count }

  func encodeNil() throws {
    try frame.begin(.list)
    frame.writer.write(CBORSimple.null)
  }

  func encode<Value: Encodable & Primitive>(_ value: Value) throws {
    try frame.begin(.list)
    value.write(to: frame.writer)
  }

  func encode<Value: Encodable>(_ value: Value) throws {
    let index = frame.count
    let offset = try frame.begin(.list)
    try frame.write(value, from: offset, .index(index))
  }

  func nestedContainer<Nested>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
    nested().container(keyedBy: type)
  }

  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { nested().unkeyedContainer() }

  func superEncoder() -> any Encoder { nested() }

  private func nested() -> EncodingFrame {
    frame.nested(CBORKey(frame.count)) { try frame.begin(.list) }
  }
}

struct SingleWriter: SingleValueEncodingContainer {
  let frame: EncodingFrame

  var codingPath: [any CodingKey] { frame.codingPath }

  func encodeNil() throws {
    try frame.begin(.single)
    frame.writer.write(CBORSimple.null)
  }

  func encode<Value: Encodable & Primitive>(_ value: Value) throws {
    try frame.begin(.single)
    value.write(to: frame.writer)
  }

  func encode<Value: Encodable>(_ value: Value) throws {
    let offset = try frame.begin(.single)
    try frame.write(value, from: offset, .whole)
  }
}
