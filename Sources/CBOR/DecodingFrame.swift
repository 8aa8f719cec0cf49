import Foundation

/// The reader of the encoded bytes, and decoding frames kept for reuse.
final class DecodingSource {
  private(set) var reader: CBORReader
  /// The offset at which the value begins.
  let start: Int
  let userInfo: [CodingUserInfoKey: Any]
  let kinds = TypeKinds()
  /// A frame for each depth. It is reused if no one holds on to it.
  var frames: [DecodingFrame?] = []

  init(_ reader: CBORReader, userInfo: [CodingUserInfoKey: Any]) throws {
    self.reader = reader
    self.userInfo = userInfo
    let head = try reader.head(at: 0)
    let isMarked = head.major == CBORMajor.tag && head.argument == CBORTag.selfDescribed
    start = isMarked ? head.end : 0
  }

  /// Ends reading: the bytes may be freed, and a frame that is still held has no source any more.
  func finish() {
    reader = CBORReader(bytes: UnsafeRawBufferPointer(start: nil, count: 0))
    frames = []
  }

  @inline(__always)
  func frame(at offset: Int, depth: Int, key: (any CodingKey)?) throws -> DecodingFrame {
    guard depth < CBORLimit.depth else {
      throw CBORError("values are nested more than \(CBORLimit.depth) levels deep", at: offset)
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

/// The decoder of one item.
final class DecodingFrame: Decoder {
  struct Entry {
    var key: Int
    var keyCount: Int
    var value: Int
  }

  let source: DecodingSource
  var start: Int
  /// The end of the item, once it is known.
  var end: Int?
  let depth: Int
  var key: (any CodingKey)?
  var isIndexed = false
  // The entries are a pointer, because reference counting of an array takes longer than finding a key.
  private var entries: UnsafeMutablePointer<Entry>
  private var entryCount = 0
  private var entryCapacity = 16
  /// The positions of the keys in the last values of this depth, in the order of the requests.
  private let guesses: UnsafeMutablePointer<Int>
  private var guessCount = 0
  private var nextGuess = 0
  private static let guessMaximum = 32

  init(_ source: DecodingSource, at start: Int, depth: Int, key: (any CodingKey)?) {
    self.source = source
    self.start = start
    self.depth = depth
    self.key = key
    entries = .allocate(capacity: entryCapacity)
    guesses = .allocate(capacity: Self.guessMaximum)
    guesses.initialize(repeating: 0, count: Self.guessMaximum)
  }

  deinit {
    entries.deallocate()
    guesses.deallocate()
  }

  var userInfo: [CodingUserInfoKey: Any] { source.userInfo }
  var reader: CBORReader { source.reader }

  var codingPath: [any CodingKey] {
    // The surroundings of a frame that was held for too long have been reused.
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
  func list() throws -> UnkeyedReader {
    try checked(codingPath) { try UnkeyedReader(self) }
  }

  // MARK: Maps

  /// Finds the entries of a map. In deterministic form they are ordered by key, and each key appears once.
  private func index() throws {
    if isIndexed { return }
    let head = try reader.head(at: start)
    guard head.major == CBORMajor.map else { throw try reader.mismatch("a map", at: start) }
    let count = try reader.count(head, size: 2)
    // Each entry takes at least two bytes, so this is a small multiple of the bytes.
    if entryCapacity < count {
      entries.deallocate()
      entries = .allocate(capacity: count)
      entryCapacity = count
    }
    let reader = reader
    var offset = head.end
    entryCount = 0
    for index in 0..<count {
      let key = try reader.text(at: offset)
      if index > 0, !isBefore(entries[index - 1], key) {
        throw CBORError("the keys of a map are not in order", at: offset)
      }
      entries[index] = Entry(key: key.start, keyCount: key.count, value: key.end)
      offset = try reader.end(of: key.end)
    }
    entryCount = count
    end = offset
    nextGuess = 0
    isIndexed = true
  }

  private func isBefore(_ entry: Entry, _ key: CBORReader.Text) -> Bool {
    if entry.keyCount != key.count { return entry.keyCount < key.count }
    guard let base = reader.bytes.baseAddress else { return false }
    return compareBytes(base + entry.key, base + key.start, key.count) < 0
  }

  /// The entry of a key; nil if there is none.
  func entry(_ name: String) -> Entry? {
    guard let base = reader.bytes.baseAddress else { return nil }
    var name = name
    return name.withUTF8 { utf8 -> Entry? in
      let turn = nextGuess
      if turn < guessCount, guesses[turn] < entryCount, order(entries[guesses[turn]], base, utf8) == 0 {
        nextGuess = turn + 1
        return entries[guesses[turn]]
      }
      var (low, high) = (0, entryCount)
      while low < high {
        let middle = (low + high) / 2
        let order = order(entries[middle], base, utf8)
        if order == 0 {
          guess(middle, at: turn)
          return entries[middle]
        }
        if order < 0 { low = middle + 1 } else { high = middle }
      }
      return nil
    }
  }

  /// A negative number, 0 or a positive number if the entry's key is less than, equal to or greater than the name.
  @inline(__always)
  private func order(_ entry: Entry, _ base: UnsafeRawPointer, _ name: UnsafeBufferPointer<UInt8>) -> Int {
    if entry.keyCount != name.count { return entry.keyCount - name.count }
    guard let name = name.baseAddress else { return 0 }
    return compareBytes(base + entry.key, name, entry.keyCount)
  }

  private func guess(_ place: Int, at turn: Int) {
    guard turn < Self.guessMaximum else { return }
    guesses[turn] = place
    guessCount = max(guessCount, turn + 1)
    nextGuess = turn + 1
  }

  var keys: [String] {
    (0..<entryCount).compactMap {
      let text = CBORReader.Text(reader: reader, start: entries[$0].key, count: entries[$0].keyCount)
      return try? text.string
    }
  }

  // MARK: Values

  /// Runs a reading function, and adds the place in the value to its errors.
  @inline(__always)
  func checked<Result>(
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
  func read<Value: Primitive>(
    _ type: Value.Type, at offset: Int, _ key: @autoclosure () -> (any CodingKey)?
  ) throws -> Value {
    try checked(path(to: key()), type) {
      if try reader.isNull(at: offset) { throw missing(type, path(to: key())) }
      return try Value.read(reader, at: offset)
    }
  }

  func path(to key: (any CodingKey)?) -> [any CodingKey] { codingPath + (key.map { [$0] } ?? []) }

  func missing(_ type: Any.Type, _ path: [any CodingKey]) -> DecodingError {
    .valueNotFound(type, .init(codingPath: path, debugDescription: "a \(type) was expected, but found null"))
  }

  /// Reads the value at `offset`, and its end if it becomes known.
  @inline(__always)
  func read<Value: Decodable>(
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
      guard let url = URL(string: text) else { throw corrupted("\"\(text)\" is not a URL", path(to: key())) }
      return TypeKind.cast(url, to: type)
    case .decimal:
      let text = try read(String.self, at: offset, key())
      guard let number = text == "NaN" ? .nan : Decimal(string: text, locale: Locale(identifier: "en_US_POSIX")) else {
        throw corrupted("\"\(text)\" is not a number", path(to: key()))
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

  func inner(_ offset: Int, _ key: some CodingKey) throws -> DecodingFrame {
    try checked(path(to: key)) { try source.frame(at: offset, depth: depth + 1, key: key) }
  }
}

extension DecodingSource {
  /// The whole value.
  func value<Value: Decodable>(_ type: Value.Type) throws -> Value {
    let frame = try frame(at: start, depth: 0, key: nil)
    return try SingleReader(frame: frame).decode(type)
  }
}
