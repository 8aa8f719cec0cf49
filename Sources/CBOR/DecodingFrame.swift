import Foundation

/// What is read, and the frames that were read with before.
final class DecodingSource {
  private(set) var reader: CBORReader
  /// Where the value begins.
  let start: Int
  let userInfo: [CodingUserInfoKey: Any]
  let kinds = TypeKinds()
  /// A frame for each depth, to be used again where nobody holds on to it.
  fileprivate var frames: [DecodingFrame?] = []

  init(_ reader: CBORReader, userInfo: [CodingUserInfoKey: Any]) throws {
    self.reader = reader
    self.userInfo = userInfo
    let head = try reader.head(at: 0)
    let isMarked = head.major == CBORMajor.tag && head.argument == CBORTag.selfDescribed
    start = isMarked ? head.end : 0
  }

  /// Ends reading: the bytes may go, and whoever holds on to a frame finds none.
  func finish() {
    reader = CBORReader(bytes: UnsafeRawBufferPointer(start: nil, count: 0))
    frames = []
  }

  @inline(__always)
  fileprivate func frame(at offset: Int, depth: Int, key: (any CodingKey)?) throws -> DecodingFrame {
    guard depth < CBORLimit.depth else {
      throw CBORError("values are inside each other more than \(CBORLimit.depth) deep", at: offset)
    }
    if depth >= frames.count { frames.append(nil) }
    if isKnownUniquelyReferenced(&frames[depth]), let frame = frames[depth] {
      frame.start = offset
      frame.end = nil
      frame.isIndexed = false
      frame.key = key
      return frame
    }
    let frame = DecodingFrame(self, at: offset, depth: depth, key: key)
    frames[depth] = frame
    return frame
  }
}

/// The decoder of the item at one place.
final class DecodingFrame: Decoder {
  struct Entry {
    var key: Int
    var keyCount: Int
    var value: Int
  }

  let source: DecodingSource
  fileprivate var start: Int
  /// Where the item ends, once that is known.
  fileprivate var end: Int?
  fileprivate let depth: Int
  fileprivate var key: (any CodingKey)?
  fileprivate var isIndexed = false
  fileprivate var entries: ContiguousArray<Entry> = []
  /// Where the last values of this depth had their keys, in the order in which they were asked for.
  private var guesses: ContiguousArray<Int> = []
  private var nextGuess = 0

  fileprivate init(_ source: DecodingSource, at start: Int, depth: Int, key: (any CodingKey)?) {
    self.source = source
    self.start = start
    self.depth = depth
    self.key = key
  }

  var userInfo: [CodingUserInfoKey: Any] { source.userInfo }
  fileprivate var reader: CBORReader { source.reader }

  var codingPath: [any CodingKey] {
    // What is around a frame that somebody kept has been used again.
    let around = depth < source.frames.count && source.frames[depth] === self ? source.frames[..<depth] : []
    return around.compactMap { $0?.key } + (key.map { [$0] } ?? [])
  }

  // MARK: Containers

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    try checked(codingPath) { try index() }
    return KeyedDecodingContainer(KeyedReader<Key>(frame: self))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer { try list() }

  func singleValueContainer() throws -> any SingleValueDecodingContainer { SingleReader(frame: self) }

  @inline(__always)
  fileprivate func list() throws -> UnkeyedReader {
    try checked(codingPath) { try UnkeyedReader(self) }
  }

  // MARK: Maps

  /// Finds the entries of a map. In this form they are ordered by key, and each key comes once.
  private func index() throws {
    if isIndexed { return }
    let head = try reader.head(at: start)
    guard head.major == CBORMajor.map else { throw try reader.mismatch("a map", at: start) }
    let count = try reader.count(head, size: 2)
    entries.removeAll(keepingCapacity: true)
    var offset = head.end
    for _ in 0..<count {
      let key = try reader.text(at: offset)
      if let last = entries.last, !isBefore(last, key) {
        throw CBORError("the keys of a map are not in order", at: offset)
      }
      entries.append(Entry(key: key.start, keyCount: key.count, value: key.end))
      offset = try reader.end(of: key.end)
    }
    end = offset
    nextGuess = 0
    isIndexed = true
  }

  private func isBefore(_ entry: Entry, _ key: CBORReader.Text) -> Bool {
    if entry.keyCount != key.count { return entry.keyCount < key.count }
    guard key.count > 0, let base = reader.bytes.baseAddress else { return false }
    return memcmp(base + entry.key, base + key.start, key.count) < 0
  }

  /// The entry of a key, or nil.
  fileprivate func entry(_ name: String) -> Entry? {
    guard let base = reader.bytes.baseAddress else { return nil }
    var name = name
    return name.withUTF8 { utf8 -> Entry? in
      entries.withUnsafeBufferPointer { entries -> Entry? in
        /// Less than, equal to or greater than 0 as the entry's key comes before, is or comes after the name.
        func order(_ entry: Entry) -> Int {
          if entry.keyCount != utf8.count { return entry.keyCount - utf8.count }
          guard let name = utf8.baseAddress, utf8.count > 0 else { return 0 }
          return Int(memcmp(base + entry.key, name, utf8.count))
        }
        let turn = nextGuess
        if turn < guesses.count, guesses[turn] < entries.count, order(entries[guesses[turn]]) == 0 {
          nextGuess = turn + 1
          return entries[guesses[turn]]
        }
        var (low, high) = (0, entries.count)
        while low < high {
          let middle = (low + high) / 2
          let order = order(entries[middle])
          if order == 0 {
            guess(middle, at: turn)
            return entries[middle]
          }
          if order < 0 { low = middle + 1 } else { high = middle }
        }
        return nil
      }
    }
  }

  private func guess(_ place: Int, at turn: Int) {
    guard turn < 32 else { return }
    if turn < guesses.count { guesses[turn] = place } else { guesses.append(place) }
    nextGuess = turn + 1
  }

  // MARK: Values

  /// Runs what reads, and says where in the value it failed.
  @inline(__always)
  fileprivate func checked<Result>(
    _ path: @autoclosure () -> [any CodingKey], _ type: Any.Type = Any.self, _ read: () throws -> Result
  ) throws -> Result {
    do {
      return try read()
    } catch let error as CBORError {
      let context = DecodingError.Context(codingPath: path(), debugDescription: error.description)
      throw error.isMismatch ? DecodingError.typeMismatch(type, context) : .dataCorrupted(context)
    }
  }

  @inline(__always)
  fileprivate func read<Value: Primitive>(
    _ type: Value.Type, at offset: Int, _ key: @autoclosure () -> (any CodingKey)?
  ) throws -> Value {
    try checked(path(to: key()), type) {
      if try reader.isNull(at: offset) { throw missing(type, path(to: key())) }
      return try Value.read(reader, at: offset)
    }
  }

  fileprivate func path(to key: (any CodingKey)?) -> [any CodingKey] { codingPath + (key.map { [$0] } ?? []) }

  fileprivate func missing(_ type: Any.Type, _ path: [any CodingKey]) -> DecodingError {
    .valueNotFound(type, .init(codingPath: path, debugDescription: "there is null where a \(type) is expected"))
  }

  /// Reads the value at `offset`, and where it ends if that comes out.
  @inline(__always)
  fileprivate func read<Value: Decodable>(
    _ type: Value.Type, at offset: Int, _ key: @autoclosure () -> (any CodingKey)?, end: inout Int?
  ) throws -> Value {
    switch source.kinds.kind(of: type) {
    case .primitive(let known): return try read(type, as: known, at: offset, key())
    case .numbers(let element):
      if let array = try checked(path(to: key()), type, { try numbers(type, of: element, at: offset) }) { return array }
    case .data:
      return try checked(path(to: key()), type) { TypeKind.cast(Data(try reader.bytes(at: offset)), to: type) }
    case .url:
      let text = try read(String.self, at: offset, key())
      guard let url = URL(string: text) else { throw corrupted("\"\(text)\" is no URL", path(to: key())) }
      return TypeKind.cast(url, to: type)
    case .decimal:
      let text = try read(String.self, at: offset, key())
      guard let number = text == "NaN" ? .nan : Decimal(string: text, locale: Locale(identifier: "en_US_POSIX")) else {
        throw corrupted("\"\(text)\" is no number", path(to: key()))
      }
      return TypeKind.cast(number, to: type)
    case .custom, .array, .unordered: break
    }
    let frame = try checked(path(to: key()), type) {
      try source.frame(at: offset, depth: depth + 1, key: key())
    }
    if case .array(let known) = source.kinds.kind(of: type) {
      let array = try array(type, as: known, in: frame)
      end = frame.end
      return array
    }
    let value = try Value(from: frame)
    end = frame.end
    return value
  }

  private func corrupted(_ cause: String, _ path: [any CodingKey]) -> DecodingError {
    .dataCorrupted(.init(codingPath: path, debugDescription: cause))
  }

  @inline(__always)
  private func read<Value>(
    _ type: Value.Type, as known: any Primitive.Type, at offset: Int, _ key: @autoclosure () -> (any CodingKey)?
  ) throws -> Value {
    func read<Known: Primitive>(_ known: Known.Type) throws -> Value {
      TypeKind.cast(try self.read(known, at: offset, key()), to: type)
    }
    return try read(known)
  }

  private func numbers<Value>(_ type: Value.Type, of element: any PackedElement.Type, at offset: Int) throws -> Value? {
    guard let (tag, bytes) = try reader.numbers(at: offset) else { return nil }
    func read<Element: PackedElement>(_ element: Element.Type) -> Value? {
      // Numbers of another type are converted one by one.
      guard Element.tag == tag else { return nil }
      let count = bytes.count / MemoryLayout<Element>.stride
      let array = [Element](unsafeUninitializedCapacity: count) { memory, initialized in
        UnsafeMutableRawBufferPointer(memory).copyMemory(from: bytes)
        initialized = count
      }
      return TypeKind.cast(array, to: type)
    }
    return read(element)
  }

  private func array<Value>(_ type: Value.Type, as known: any AnyArray.Type, in frame: DecodingFrame) throws -> Value {
    func read<Known: AnyArray>(_ known: Known.Type) throws -> Value {
      var container = try frame.list()
      let array = try Known.read(&container)
      frame.end = container.endOfItems
      return TypeKind.cast(array, to: type)
    }
    return try read(known)
  }

  fileprivate func inner(_ offset: Int, _ key: some CodingKey) throws -> DecodingFrame {
    try checked(path(to: key)) { try source.frame(at: offset, depth: depth + 1, key: key) }
  }
}

// MARK: What values read from

struct KeyedReader<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let frame: DecodingFrame

  var codingPath: [any CodingKey] { frame.codingPath }

  var allKeys: [Key] {
    frame.entries.compactMap { entry in
      let text = CBORReader.Text(reader: frame.reader, start: entry.key, count: entry.keyCount)
      return (try? text.string).flatMap { Key(stringValue: $0) }
    }
  }

  func contains(_ key: Key) -> Bool { frame.entry(key.stringValue) != nil }

  @inline(__always)
  private func value(_ key: Key) throws -> Int {
    if let entry = frame.entry(key.stringValue) { return entry.value }
    throw DecodingError.keyNotFound(
      key, .init(codingPath: codingPath, debugDescription: "there is no value of \"\(key.stringValue)\""))
  }

  func decodeNil(forKey key: Key) throws -> Bool {
    let offset = try value(key)
    return try frame.checked(frame.path(to: key)) { try frame.reader.isNull(at: offset) }
  }

  func decode<Value: Decodable & Primitive>(_ type: Value.Type, forKey key: Key) throws -> Value {
    try frame.read(type, at: try value(key), key)
  }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    var end: Int?
    return try frame.read(type, at: try value(key), key, end: &end)
  }

  /// The place of a value that is there and not null.
  @inline(__always)
  private func present(_ key: Key) throws -> Int? {
    guard let offset = frame.entry(key.stringValue)?.value else { return nil }
    return try frame.checked(frame.path(to: key)) { try frame.reader.isNull(at: offset) } ? nil : offset
  }

  func decodeIfPresent<Value: Decodable & Primitive>(_ type: Value.Type, forKey key: Key) throws -> Value? {
    guard let offset = try present(key) else { return nil }
    return try frame.read(type, at: offset, key)
  }

  func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
    guard let offset = try present(key) else { return nil }
    var end: Int?
    return try frame.read(type, at: offset, key, end: &end)
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
    guard let entry = frame.entry(key.stringValue) else {
      throw DecodingError.keyNotFound(
        key, .init(codingPath: codingPath, debugDescription: "there is no value of \"super\""))
    }
    return try frame.inner(entry.value, key)
  }

  func superDecoder(forKey key: Key) throws -> any Decoder { try frame.inner(try value(key), key) }
}

struct UnkeyedReader: UnkeyedDecodingContainer {
  private let frame: DecodingFrame
  /// How many items there are.
  let items: Int
  private(set) var currentIndex = 0
  private var offset: Int
  /// The items as numbers side by side.
  private let numbers: (tag: UInt64, bytes: UnsafeRawBufferPointer)?

  fileprivate init(_ frame: DecodingFrame) throws {
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

  /// Where the list ends, once all of it was read.
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
    let value = try frame.read(type, at: offset, CBORKey(currentIndex), end: &end)
    try advance(to: end)
    return value
  }

  /// One of numbers side by side, as an item of its own.
  private func withNumber<Result>(_ body: (DecodingSource) throws -> Result) throws -> Result {
    guard let (tag, bytes) = numbers, let type = PackedElements.type(tag) else {
      throw CBORError("these are no numbers", at: offset)
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
        try source.value(type)
      }
    }
    try advance(to: nil)
    return value
  }

  private mutating func inner() throws -> DecodingFrame {
    try requireMore(Any.self)
    if numbers != nil {
      throw DecodingError.typeMismatch(
        Any.self, .init(codingPath: codingPath, debugDescription: "there are numbers where containers are expected"))
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
    defer { frame.end = end }
    return try frame.read(type, at: frame.start, nil, end: &end)
  }
}

extension DecodingSource {
  /// The whole value.
  func value<Value: Decodable>(_ type: Value.Type) throws -> Value {
    let frame = try frame(at: start, depth: 0, key: nil)
    return try SingleReader(frame: frame).decode(type)
  }
}
