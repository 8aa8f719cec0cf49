import Foundation

// MARK: What values read from

struct KeyedReader<Key: CodingKey>: KeyedDecodingContainerProtocol {
  /// The frame owns this container, or the container's owner keeps the frame.
  unowned(unsafe) let frame: DecodingFrame
  private let owner: KeptContainer<DecodingFrame>.Owner
  /// The map entries of the frame.
  private let entries: UnsafeMutablePointer<MapEntries>

  init(_ frame: DecodingFrame, _ owner: KeptContainer<DecodingFrame>.Owner) {
    self.frame = frame
    self.owner = owner
    entries = frame.entries
  }

  var codingPath: [any CodingKey] { frame.codingPath }

  var allKeys: [Key] { entries.pointee.keys.compactMap { Key(stringValue: $0) } }

  func contains(_ key: Key) -> Bool { entries.pointee.value(of: key) != nil }

  @inline(__always)
  private func value(_ key: Key) throws -> Int {
    if let offset = entries.pointee.value(of: key) { return offset }
    throw missing(key)
  }

  @inline(never)
  private func missing(_ key: some CodingKey) -> DecodingError {
    .keyNotFound(key, .init(codingPath: codingPath, debugDescription: "the value of \"\(key.stringValue)\" is missing"))
  }

  func decodeNil(forKey key: Key) throws -> Bool {
    let offset = try value(key)
    return try frame.checked(frame.path(to: key)) { try frame.reader.isNull(at: offset) }
  }

  // The most common types have their own functions, which need no generic dispatch.

  func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try read(type, key) }
  func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try read(type, key) }
  func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try read(type, key) }
  func decode(_ type: String.Type, forKey key: Key) throws -> String { try read(type, key) }

  @inline(__always)
  private func read<Value: Primitive>(_ type: Value.Type, _ key: Key) throws -> Value {
    let offset = try value(key)
    do {
      return try Value.read(entries.pointee.reader, at: offset)
    } catch {
      throw frame.located(error, type, at: offset, key)
    }
  }

  func decode<Value: Decodable & Primitive>(_ type: Value.Type, forKey key: Key) throws -> Value {
    try read(type, key)
  }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    var end: Int?
    return try frame.read(type, at: try value(key), .key(key), end: &end)
  }

  /// The offset of a value that exists and is not null.
  @inline(__always)
  private func present(_ key: Key) throws -> Int? {
    guard let offset = entries.pointee.value(of: key) else { return nil }
    return try frame.checked(frame.path(to: key)) { try frame.reader.isNull(at: offset) } ? nil : offset
  }

  func decodeIfPresent<Value: Decodable & Primitive>(_ type: Value.Type, forKey key: Key) throws -> Value? {
    guard let offset = try present(key) else { return nil }
    return try frame.read(type, at: offset, key)
  }

  func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
    guard let offset = try present(key) else { return nil }
    var end: Int?
    return try frame.read(type, at: offset, .key(key), end: &end)
  }

  func nestedContainer<Nested>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> {
    try frame.inner(try value(key), key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try frame.inner(try value(key), key).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder {
    let key = CBORKey("super")
    guard let offset = entries.pointee.value(of: key.stringValue) else { throw missing(key) }
    return try frame.inner(offset, key)
  }

  func superDecoder(forKey key: Key) throws -> any Decoder { try frame.inner(try value(key), key) }
}

struct UnkeyedReader: UnkeyedDecodingContainer {
  private let frame: DecodingFrame
  /// The number of items.
  let items: Int
  private(set) var currentIndex = 0
  private var offset: Int
  /// The items as a typed array; nil for a list.
  private let numbers: (tag: UInt64, bytes: UnsafeRawBufferPointer)?

  init(_ frame: DecodingFrame) throws {
    self.frame = frame
    let reader = frame.reader
    offset = frame.start
    numbers = try reader.numbers(at: offset)
    if let (tag, bytes) = numbers, let type = PackedElements.type(tag) {
      func size<Element: PackedElement>(_ type: Element.Type) -> Int { MemoryLayout<Element>.stride }
      items = bytes.count / size(type)
      return
    }
    let head = try reader.head(at: offset)
    guard head.major == CBORMajor.array else { throw try reader.mismatch("a list", at: offset) }
    items = try reader.count(head, size: 1)
    offset = head.end
  }

  var codingPath: [any CodingKey] { frame.codingPath }
  var count: Int? { items }
  var isAtEnd: Bool { currentIndex >= items }

  /// All elements of a list.
  mutating func readAll<Element: Decodable>(_ type: Element.Type) throws -> [Element] {
    let room = capacity(ofSize: MemoryLayout<Element>.stride)
    var array: [Element] = []
    if numbers == nil, case .custom = frame.source.kinds.kind(of: type) {
      array = try Array(unsafeUninitializedCapacity: room) { memory, count in
        try readCustom(into: memory, &count)
      }
    } else {
      array.reserveCapacity(room)
    }
    while !isAtEnd { array.append(try decode(type)) }
    return array
  }

  /// Fills memory with elements that decode themselves.
  private mutating func readCustom<Element: Decodable>(
    into memory: UnsafeMutableBufferPointer<Element>, _ count: inout Int
  ) throws {
    let (source, outer) = (frame.source, frame)
    let (reader, depth) = (source.reader, frame.depth + 1)
    guard let first = memory.baseAddress else { return }
    while count < min(memory.count, items) {
      let frame: DecodingFrame
      do {
        frame = try source.frame(at: offset, depth: depth, .index(count))
      } catch {
        throw outer.located(error, Element.self, path: outer.path(to: CBORKey(count)))
      }
      (first + count).initialize(to: try Element(from: frame))
      count += 1
      currentIndex = count
      if let end = frame.entries.pointee.end {
        offset = end
      } else {
        offset = try outer.checked(outer.path(to: CBORKey(count - 1))) { try reader.end(of: offset) }
      }
      source.release(upTo: offset)
    }
  }

  /// The number of elements to allocate memory for. An item has at least one byte, and its element may have any size:
  /// memory is allocated at once for elements of up to 16 times the size of their items, and for larger ones as they
  /// are read.
  func capacity(ofSize size: Int) -> Int {
    max(min(items, 16 * (frame.reader.bytes.count - offset) / max(1, size)), 0)
  }

  /// The offset of the list's end after all of it was read.
  var endOfItems: Int? { isAtEnd && numbers == nil ? offset : nil }

  @inline(__always)
  private func requireMore(_ type: Any.Type) throws {
    if isAtEnd {
      throw DecodingError.valueNotFound(
        type, .init(codingPath: codingPath, debugDescription: "the list ends after \(items) items"))
    }
  }

  @inline(__always)
  private mutating func advance(to end: Int?) throws {
    if numbers == nil {
      if let end {
        offset = end
      } else {
        offset = try frame.checked(frame.path(to: CBORKey(currentIndex))) { try frame.reader.end(of: offset) }
      }
    }
    currentIndex += 1
  }

  mutating func decodeNil() throws -> Bool {
    try requireMore(Never?.self)
    if numbers != nil { return false }
    guard try frame.checked(codingPath, Never?.self, { try frame.reader.isNull(at: offset) }) else { return false }
    try advance(to: offset + 1)
    return true
  }

  mutating func decode<Value: Decodable & Primitive>(_ type: Value.Type) throws -> Value {
    try requireMore(type)
    let value =
      numbers == nil ? try frame.read(type, at: offset, CBORKey(currentIndex)) : try number(type)
    try advance(to: nil)
    return value
  }

  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try requireMore(type)
    if numbers != nil { return try decodeNumber(type) }
    var end: Int?
    let value = try frame.read(type, at: offset, .index(currentIndex), end: &end)
    try advance(to: end)
    return value
  }

  /// A number of a typed array, as an item of its own.
  private func withNumber<Result>(_ body: (DecodingSource) throws -> Result) throws -> Result {
    guard let (tag, bytes) = numbers, let type = PackedElements.type(tag) else {
      throw CBORError("numbers were expected", at: offset)
    }
    let writer = CBORWriter(userInfo: [:], kinds: frame.source.kinds)
    func write<Element: PackedElement>(_ type: Element.Type) {
      bytes.loadUnaligned(fromByteOffset: currentIndex * MemoryLayout<Element>.stride, as: type).write(to: writer)
    }
    write(type)
    return try withExtendedLifetime(writer) {
      let source = try DecodingSource(
        CBORReader(bytes: UnsafeRawBufferPointer(start: writer.base, count: writer.count)), userInfo: frame.userInfo)
      defer { source.finish() }
      return try body(source)
    }
  }

  private func number<Value: Primitive>(_ type: Value.Type) throws -> Value {
    try frame.checked(frame.path(to: CBORKey(currentIndex)), type) {
      try withNumber { try Value.read($0.reader, at: 0) }
    }
  }

  private mutating func decodeNumber<Value: Decodable>(_ type: Value.Type) throws -> Value {
    let value = try frame.checked(frame.path(to: CBORKey(currentIndex)), type) {
      try withNumber { source in
        try source.value(type).value
      }
    }
    try advance(to: nil)
    return value
  }

  private mutating func inner() throws -> DecodingFrame {
    try requireMore(Any.self)
    if numbers != nil {
      throw DecodingError.typeMismatch(
        Any.self, .init(codingPath: codingPath, debugDescription: "containers were expected, but found numbers"))
    }
    let frame = try frame.inner(offset, CBORKey(currentIndex))
    try advance(to: nil)
    return frame
  }

  mutating func nestedContainer<Nested>(keyedBy type: Nested.Type) throws -> KeyedDecodingContainer<Nested> {
    try inner().container(keyedBy: type)
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try inner().unkeyedContainer() }

  mutating func superDecoder() throws -> any Decoder { try inner() }
}

struct SingleReader: SingleValueDecodingContainer {
  let frame: DecodingFrame

  var codingPath: [any CodingKey] { frame.codingPath }

  func decodeNil() -> Bool { (try? frame.reader.isNull(at: frame.start)) ?? false }

  func decode<Value: Decodable & Primitive>(_ type: Value.Type) throws -> Value {
    try frame.read(type, at: frame.start, nil)
  }

  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    var end: Int?
    defer { frame.entries.pointee.end = end }
    return try frame.read(type, at: frame.start, .whole, end: &end)
  }
}
