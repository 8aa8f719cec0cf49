/// What is known of the keys of the last map at one depth: their bytes, and the order that they were brought into.
///
/// It holds for keys that take up one byte, as the cases of an enumeration do. It has no references in it, and is used
/// through a pointer: counting references takes longer than writing a key.
struct KeyMemo {
  /// A key's item, if it has at most as many bytes.
  private typealias Item = SIMD16<UInt8>

  private var keyType: ObjectIdentifier?
  private var items: UnsafeMutablePointer<Item>
  /// The lengths of the items, 0 where one isn't known.
  private var lengths: UnsafeMutablePointer<UInt8>
  /// The keys of this map in the order of writing, and those of the last one that was ordered.
  private var current: UnsafeMutablePointer<UInt8>
  private var last: UnsafeMutablePointer<UInt8>
  /// How many keys the map has, or nil where one isn't among those that are known.
  private var count: Int? = 0
  private var lastCount: Int?
  /// The places of the last map's keys, in order.
  private let order: UnsafeMutablePointer<Int>
  private static let maximum = 64

  init() {
    items = .allocate(capacity: 256)
    items.initialize(repeating: Item(), count: 256)
    lengths = .allocate(capacity: 256)
    lengths.initialize(repeating: 0, count: 256)
    current = .allocate(capacity: Self.maximum)
    last = .allocate(capacity: Self.maximum)
    order = .allocate(capacity: Self.maximum)
  }

  func deallocate() {
    items.deallocate()
    lengths.deallocate()
    current.deallocate()
    last.deallocate()
    order.deallocate()
  }

  /// Forgets all keys, before those of another type come.
  mutating func expect<Key: CodingKey>(_ type: Key.Type) {
    // Where equal bytes needn't be equal keys, or take up more, no byte is looked at.
    keyType = _isPOD(type) && MemoryLayout<Key>.size <= 1 ? ObjectIdentifier(type) : nil
    lengths.update(repeating: 0, count: 256)
    count = nil
    lastCount = nil
  }

  /// Goes on to another map.
  @inline(__always)
  mutating func restart() { count = 0 }

  /// The order of this map's keys can't be foreseen.
  @inline(__always)
  mutating func giveUp() { count = nil }

  @inline(__always)
  mutating func write<Key: CodingKey>(_ key: Key, to writer: CBORWriter) {
    guard keyType == ObjectIdentifier(Key.self) else {
      giveUp()
      return writer.write(text: key.stringValue)
    }
    let byte = MemoryLayout<Key>.size == 0 ? 0 : unsafeBitCast(key, to: UInt8.self)
    if let count, count < Self.maximum {
      current[count] = byte
      self.count = count + 1
    } else {
      giveUp()
    }
    let length = Int(lengths[Int(byte)])
    if length > 0 { return writer.write(items[Int(byte)], length) }
    writeAnew(key, byte, to: writer)
  }

  @inline(never)
  private mutating func writeAnew(_ key: some CodingKey, _ byte: UInt8, to writer: CBORWriter) {
    let start = writer.count
    writer.write(text: key.stringValue)
    let length = writer.count - start
    guard length <= MemoryLayout<Item>.size else { return }
    var item = Item()
    for index in 0..<length { item[index] = writer.base.load(fromByteOffset: start + index, as: UInt8.self) }
    items[Int(byte)] = item
    lengths[Int(byte)] = UInt8(length)
  }

  /// The order of the last map, if this one has the same keys.
  @inline(__always)
  func foreseen(_ entries: Int) -> UnsafeBufferPointer<Int>? {
    guard let count, count == entries, count == lastCount, compareBytes(current, last, count) == 0 else { return nil }
    return UnsafeBufferPointer(start: order, count: count)
  }

  /// Keeps the order that a map's entries were brought into.
  mutating func keep(_ places: some Collection<Int>, of entries: Int) {
    // Where a key was written twice, there are fewer places.
    guard let count, count == entries, places.count == count else {
      lastCount = nil
      return
    }
    for (index, place) in places.enumerated() { order[index] = place }
    swap(&current, &last)
    lastCount = count
  }
}
