/// A cache of the keys of the last map at one depth: their encoded bytes and their sorted order.
///
/// It is used for keys of one byte, such as the cases of an enumeration. The structure contains no references and is
/// used through a pointer, because reference counting takes longer than writing a key.
struct KeyMemo {
  /// A key's encoded item, if it fits into this many bytes.
  private typealias Item = SIMD16<UInt8>

  private var keyType: ObjectIdentifier?
  private var items: UnsafeMutablePointer<Item>
  /// The lengths of the items; 0 for an unknown item.
  private var lengths: UnsafeMutablePointer<UInt8>
  /// The keys of the current map in the order of writing, and the keys of the last map that was sorted.
  private var current: UnsafeMutablePointer<UInt8>
  private var last: UnsafeMutablePointer<UInt8>
  /// The number of the map's keys, or nil if one of them isn't in the cache.
  private var count: Int? = 0
  private var lastCount: Int?
  /// The positions of the last map's keys in sorted order.
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

  /// Clears the cache for keys of another type.
  mutating func expect<Key: CodingKey>(_ type: Key.Type) {
    // Keys of more than one byte, or types whose equal bytes may be different keys, aren't cached.
    keyType = _isPOD(type) && MemoryLayout<Key>.size <= 1 ? ObjectIdentifier(type) : nil
    lengths.update(repeating: 0, count: 256)
    count = nil
    lastCount = nil
  }

  /// Begins the next map.
  @inline(__always)
  mutating func restart() { count = 0 }

  /// Marks the order of this map's keys as unpredictable.
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

  /// The order of the last map, if this map has the same keys.
  @inline(__always)
  func foreseen(_ entries: Int) -> UnsafeBufferPointer<Int>? {
    guard let count, count == entries, count == lastCount, compareBytes(current, last, count) == 0 else { return nil }
    return UnsafeBufferPointer(start: order, count: count)
  }

  /// Stores the sorted order of a map's entries.
  mutating func keep(_ places: some Collection<Int>, of entries: Int) {
    // If a key was written twice, there are fewer positions than keys.
    guard let count, count == entries, places.count == count else {
      lastCount = nil
      return
    }
    for (index, place) in places.enumerated() { order[index] = place }
    swap(&current, &last)
    lastCount = count
  }
}
