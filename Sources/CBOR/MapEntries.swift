/// The positions of a map's values.
///
/// Maps of one depth mostly have the same keys in the same order. So each requested key is first compared with the
/// key at the position where the last map had it.
///
/// The structure contains no references and is used through a pointer, because reference counting takes longer than
/// finding a key.
struct MapEntries {
  private struct Entry {
    /// The offset at which the key's item begins, and the key's text.
    var start: Int
    var text: Int
    var value: Int
  }

  /// The reader, which has no bytes after reading has ended.
  private(set) var reader: CBORReader
  /// The end of the item, if it is known.
  var end: Int?
  private var isIndexed = false
  private var entries: UnsafeMutablePointer<Entry>
  private var count = 0
  private var capacity = 16
  /// For each key of one byte, such as a case of an enumeration, the position of its entry plus 1, or 0 if it is
  /// unknown.
  private let places: UnsafeMutablePointer<UInt8>
  private var hasPlaces = false
  private var keyType: ObjectIdentifier?
  /// The positions of the requested keys in the last map, in the order of the requests.
  private let guesses: UnsafeMutablePointer<Int>
  private var guessCount = 0
  private var nextGuess = 0
  private static let guessMaximum = 32

  init(_ reader: CBORReader) {
    self.reader = reader
    entries = .allocate(capacity: capacity)
    places = .allocate(capacity: 256)
    places.initialize(repeating: 0, count: 256)
    guesses = .allocate(capacity: Self.guessMaximum)
    guesses.initialize(repeating: 0, count: Self.guessMaximum)
  }

  func deallocate() {
    entries.deallocate()
    places.deallocate()
    guesses.deallocate()
  }

  /// Ends reading: afterwards no key is found.
  mutating func finish() {
    removeAll()
    reader = .empty
  }

  /// Begins the next item.
  @inline(__always)
  mutating func restart() {
    end = nil
    isIndexed = false
  }

  private mutating func removeAll() {
    count = 0
    forgetPlaces()
  }

  private mutating func forgetPlaces() {
    if hasPlaces { places.update(repeating: 0, count: 256) }
    hasPlaces = false
  }

  /// Clears the guesses for keys of another type.
  mutating func expect<Key: CodingKey>(_ type: Key.Type) {
    // Keys of more than one byte, or types whose equal bytes may be different keys, have no table of positions.
    keyType = _isPOD(type) && MemoryLayout<Key>.size <= 1 ? ObjectIdentifier(type) : nil
    forgetPlaces()
  }

  /// Indexes the entries of the map at `start`. In Labbook's encoding they are sorted by key, and each key occurs
  /// once.
  @inline(__always)
  mutating func index(at start: Int) throws {
    if isIndexed { return }
    let head = try reader.head(at: start)
    guard head.major == CBORMajor.map else { throw try reader.mismatch("a map", at: start) }
    let count = try reader.count(head, size: 2)
    var offset = head.end
    nextGuess = 0
    var isKnown = count == self.count
    if isKnown {
      for index in 0..<count {
        let (known, length) = (entries[index].start, entries[index].value - entries[index].start)
        guard reader.areEqual(known, offset, count: length) else {
          isKnown = false
          break
        }
        let step = offset - known
        entries[index].start = offset
        entries[index].text += step
        entries[index].value += step
        offset = try reader.end(of: offset + length)
      }
    }
    if !isKnown { offset = try indexAnew(count, at: head.end) }
    end = offset
    isIndexed = true
  }

  @inline(never)
  private mutating func indexAnew(_ count: Int, at start: Int) throws -> Int {
    removeAll()
    // Each entry takes at least two bytes, so the capacity is at most a small multiple of the number of bytes.
    if capacity < count {
      entries.deallocate()
      entries = .allocate(capacity: count)
      capacity = count
    }
    var offset = start
    for index in 0..<count {
      let key = try reader.text(at: offset)
      entries[index] = Entry(start: offset, text: key.start, value: key.end)
      let text = UnsafeRawBufferPointer(rebasing: reader.bytes[key.start..<key.end])
      if index > 0, order(entries[index - 1], text) >= 0 {
        throw CBORError("the keys of a map are not in order", at: offset)
      }
      offset = try reader.end(of: key.end)
    }
    self.count = count
    return offset
  }

  /// A negative number, 0 or a positive number if the entry's key is less than, equal to or greater than the name.
  @inline(__always)
  private func order(_ entry: Entry, _ name: UnsafeRawBufferPointer) -> Int {
    let length = entry.value - entry.text
    if length != name.count { return length - name.count }
    guard let name = name.baseAddress, let base = reader.bytes.baseAddress else { return 0 }
    return compareBytes(base + entry.text, name, length)
  }

  /// The offset of a key's value, or nil.
  @inline(__always)
  mutating func value<Key: CodingKey>(of key: Key) -> Int? {
    guard keyType == ObjectIdentifier(Key.self) else { return value(of: key.stringValue) }
    let byte = MemoryLayout<Key>.size == 0 ? 0 : Int(unsafeBitCast(key, to: UInt8.self))
    let place = Int(places[byte])
    return place > 0 ? entries[place - 1].value : find(key, byte)
  }

  @inline(never)
  private mutating func find(_ key: some CodingKey, _ byte: Int) -> Int? {
    guard let place = place(of: key.stringValue) else { return nil }
    if place < 255 {
      places[byte] = UInt8(place + 1)
      hasPlaces = true
    }
    return entries[place].value
  }

  @inline(never)
  mutating func value(of name: String) -> Int? { place(of: name).map { entries[$0].value } }

  private mutating func place(of name: String) -> Int? {
    var name = name
    return name.withUTF8 { utf8 -> Int? in
      let name = UnsafeRawBufferPointer(utf8)
      let turn = nextGuess
      if turn < guessCount, guesses[turn] < count, order(entries[guesses[turn]], name) == 0 {
        nextGuess = turn + 1
        return guesses[turn]
      }
      var (low, high) = (0, count)
      while low < high {
        let middle = (low + high) / 2
        let order = order(entries[middle], name)
        if order == 0 {
          guess(middle, at: turn)
          return middle
        }
        if order < 0 { low = middle + 1 } else { high = middle }
      }
      return nil
    }
  }

  private mutating func guess(_ place: Int, at turn: Int) {
    guard turn < Self.guessMaximum else { return }
    guesses[turn] = place
    guessCount = max(guessCount, turn + 1)
    nextGuess = turn + 1
  }

  var keys: [String] {
    (0..<count).compactMap {
      String(validating: reader.bytes[entries[$0].text..<entries[$0].value], as: UTF8.self)
    }
  }
}
