// MARK: What values write to

struct KeyedWriter<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let frame: EncodingFrame

  var codingPath: [any CodingKey] { frame.codingPath }

  func encodeNil(forKey key: Key) throws {
    try frame.begin(key: key)
    frame.writer.write(CBORSimple.null)
  }

  func encode<Value: Encodable & Primitive>(_ value: Value, forKey key: Key) throws {
    try frame.begin(key: key)
    value.write(to: frame.writer)
  }

  func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
    let offset = try frame.begin(key: key)
    try frame.write(value, from: offset, key: key)
  }

  func nestedContainer<Nested>(keyedBy type: Nested.Type, forKey key: Key) -> KeyedEncodingContainer<Nested> {
    nested(key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { nested(key).unkeyedContainer() }

  func superEncoder() -> any Encoder { nested(CBORKey("super")) }

  func superEncoder(forKey key: Key) -> any Encoder { nested(key) }

  private func nested(_ key: some CodingKey) -> EncodingFrame {
    frame.nested(key) { try frame.begin(key: key) }
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
    try frame.write(value, from: offset, key: CBORKey(index))
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
    try frame.write(value, from: offset, key: nil)
  }
}
