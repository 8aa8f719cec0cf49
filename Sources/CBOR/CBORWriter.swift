import Foundation

/// The bytes of a value that is being written, with references to large arrays of numbers, and the open containers.
final class CBORWriter {
  /// Numbers whose bytes are inserted at `offset` of the other bytes.
  struct External {
    var offset: Int
    var numbers: any PackedNumberStorage
  }

  private(set) var base: UnsafeMutableRawPointer
  private(set) var count = 0
  private var capacity: Int
  private(set) var externals: [External] = []
  /// The offsets of the entries of the open containers, with those of the innermost container last.
  var entries: ContiguousArray<Int> = []
  /// The open containers, the innermost at `depth - 1`. Later elements can be reused.
  var stack: [EncodingFrame?] = []
  var depth = 0
  /// The number of containers outside the stack, and their keys.
  let outerDepth: Int
  let outerPath: [any CodingKey]
  let userInfo: [CodingUserInfoKey: Any]
  let kinds: TypeKinds
  /// The nesting depth of containers whose entries are being sorted by their bytes. All bytes are then in one place.
  var sortedDepth = 0
  /// Takes the bytes that are final, while the rest of the value is still to be written.
  var handOver: ((CBORWriter) throws -> Void)?
  /// Where bytes are kept whose value is final but whose place isn't, in a file; nil keeps them in memory.
  var asideFolder: String?
  private var asideFile: SetAsideFile?
  /// Whether bytes of an open list were handed over or set aside, so that none of its elements can be undone.
  private(set) var hasHandedOver = false
  /// The number of bytes in `externals`.
  private var externalCount = 0

  private var scratch: UnsafeMutableRawPointer?
  private var scratchCapacity = 0
  private var order: ContiguousArray<Int> = []

  /// The size in bytes below which arrays are copied.
  private static let externalMinimum = 1 << 16
  /// The number of bytes from which on final bytes are handed over.
  private static let partMinimum = 1 << 20

  init(
    userInfo: [CodingUserInfoKey: Any], kinds: TypeKinds = TypeKinds(), outerDepth: Int = 0,
    outerPath: [any CodingKey] = [], capacity: Int = 512
  ) {
    self.userInfo = userInfo
    self.kinds = kinds
    self.outerDepth = outerDepth
    self.outerPath = outerPath
    self.capacity = capacity
    base = Self.allocate(capacity)
  }

  deinit {
    free(base)
    free(scratch)
  }

  private static func allocate(_ size: Int) -> UnsafeMutableRawPointer {
    // Without memory nothing can continue. Swift's own allocations end the process in the same way.
    guard let memory = malloc(size) else { preconditionFailure("no memory for \(size) bytes") }
    return memory
  }

  // MARK: Bytes

  @inline(__always)
  private func reserve(_ size: Int) -> UnsafeMutableRawPointer {
    if capacity - count < size { grow(size) }
    return base + count
  }

  @inline(never)
  private func grow(_ size: Int) {
    capacity = max(count + size, capacity + capacity / 2)
    // The system moves large memory by its pages, without copying it.
    guard let memory = realloc(base, capacity) else { preconditionFailure("no memory for \(capacity) bytes") }
    base = memory
  }

  @inline(__always)
  func write(_ byte: UInt8) {
    reserve(1).storeBytes(of: byte, as: UInt8.self)
    count += 1
  }

  @inline(__always)
  func write<Word: FixedWidthInteger>(_ first: UInt8, word: Word) {
    let place = reserve(9)
    place.storeBytes(of: first, as: UInt8.self)
    (place + 1).storeBytes(of: word.bigEndian, as: Word.self)
    count += 1 + MemoryLayout<Word>.size
  }

  /// Writes the head of an item.
  @inline(__always)
  func write(_ item: SIMD16<UInt8>, _ length: Int) {
    UnsafeMutableRawPointer(reserve(16)).storeBytes(of: item, as: SIMD16<UInt8>.self)
    count += length
  }

  /// A head in its shortest form.
  @inline(__always)
  func write(_ major: UInt8, _ argument: UInt64) {
    if argument < 24 {
      write(major | UInt8(truncatingIfNeeded: argument))
    } else if argument <= 0xFF {
      write(major | 24, word: UInt8(truncatingIfNeeded: argument))
    } else if argument <= 0xFFFF {
      write(major | 25, word: UInt16(truncatingIfNeeded: argument))
    } else if argument <= 0xFFFF_FFFF {
      write(major | 26, word: UInt32(truncatingIfNeeded: argument))
    } else {
      write(major | 27, word: argument)
    }
  }

  func write(_ bytes: UnsafeRawBufferPointer) {
    guard let source = bytes.baseAddress else { return }
    reserve(bytes.count).copyMemory(from: source, byteCount: bytes.count)
    count += bytes.count
  }

  @inline(__always)
  func write(text: String) {
    var text = text
    text.withUTF8 { utf8 in
      write(CBORMajor.text, UInt64(utf8.count))
      write(UnsafeRawBufferPointer(utf8))
    }
  }

  func write(bytes numbers: any PackedNumberStorage) {
    let size = numbers.byteCount
    write(CBORMajor.bytes, UInt64(size))
    if size >= Self.externalMinimum, sortedDepth == 0 {
      externals.append(External(offset: count, numbers: numbers))
      externalCount += size
      return
    }
    numbers.withBytes { bytes in
      let start = count
      write(bytes)
      if !numbers.isCanonical(bytes) {
        numbers.makeCanonical(UnsafeMutableRawBufferPointer(start: base + start, count: size))
      }
    }
  }

  /// Whether there are so many bytes that they should be handed over as soon as they are final.
  var isLong: Bool {
    @inline(__always)
    get { count + externalCount >= Self.partMinimum }
  }

  /// Hands over all bytes if they are final: all open containers are lists whose length was written in advance. If
  /// only the innermost ones are such lists, their bytes are set aside.
  @inline(never)
  func handOverFinalBytes() throws {
    guard sortedDepth == 0 else { return }
    var level = depth
    while level > 0, stack[level - 1]?.isFinal == true { level -= 1 }
    if level > 0 {
      if asideFolder != nil, level < depth, let start = stack[level]?.start { setAside(from: start) }
      return
    }
    guard let handOver else { return }
    try handOver(self)
    hasHandedOver = true
    count = 0
    externals = []
    externalCount = 0
  }

  /// Moves the bytes from `start` on to a file. Arrays of numbers among them stay where they are.
  private func setAside(from start: Int) {
    guard count - start >= Self.partMinimum, let asideFolder else { return }
    if asideFile == nil { asideFile = SetAsideFile(in: asideFolder) }
    guard let asideFile else {
      self.asideFolder = nil
      return
    }
    let first = externals.firstIndex { $0.offset > start } ?? externals.count
    var moved: [External] = []
    var from = start
    /// Moves the bytes before `end`. It fails if the disk is full, which the caller notices when it writes the value.
    func move(upTo end: Int) -> Bool {
      if end == from { return true }
      guard let bytes = asideFile.add(UnsafeRawBufferPointer(start: base + from, count: end - from)) else {
        return false
      }
      moved.append(External(offset: start, numbers: bytes))
      from = end
      return true
    }
    var isMoved = true
    for external in externals[first...] where isMoved {
      isMoved = move(upTo: external.offset)
      moved.append(External(offset: start, numbers: external.numbers))
    }
    guard isMoved, move(upTo: count) else {
      self.asideFolder = nil
      return
    }
    externals.replaceSubrange(first..., with: moved)
    count = start
    hasHandedOver = true
  }

  /// - Parameter kept: The number of externals that stay at most.
  func truncate(to offset: Int, externals kept: Int = .max) {
    count = offset
    while let last = externals.last, last.offset > offset || externals.count > kept { externals.removeLast() }
  }

  /// Inserts the bytes of another writer at `offset`.
  func insert(_ other: CBORWriter, at offset: Int) {
    openGap(other.count, at: offset)
    (base + offset).copyMemory(from: other.base, byteCount: other.count)
    let place = externals.firstIndex { $0.offset > offset } ?? externals.count
    externals.insert(
      contentsOf: other.externals.map { External(offset: $0.offset + offset, numbers: $0.numbers) }, at: place)
  }

  /// Moves the bytes from `offset` on by `size` bytes, backwards if it is negative.
  private func openGap(_ size: Int, at offset: Int) {
    if size > 0 { _ = reserve(size) }
    memmove(base + offset + size, base + offset, count - offset)
    count += size
    var index = externals.count
    while index > 0, externals[index - 1].offset > offset {
      index -= 1
      externals[index].offset += size
    }
  }

  /// Moves the bytes from `offset` on to a writer of their own.
  func split(at offset: Int, firstEntry: Int, path: [any CodingKey], depth: Int) -> CBORWriter {
    let writer = CBORWriter(
      userInfo: userInfo, kinds: kinds, outerDepth: depth, outerPath: path, capacity: max(64, count - offset))
    writer.write(UnsafeRawBufferPointer(start: base + offset, count: count - offset))
    writer.externals = externals.filter { $0.offset > offset }.map {
      External(offset: $0.offset - offset, numbers: $0.numbers)
    }
    writer.entries = ContiguousArray(entries[firstEntry...].map { $0 - offset })
    writer.sortedDepth = sortedDepth
    entries.removeSubrange(firstEntry...)
    truncate(to: offset)
    return writer
  }

  // MARK: Containers

  /// Writes the head of the container, for which a byte was reserved at `start`.
  func close(_ major: UInt8, count items: Int, at start: Int) {
    if items < 24 {
      base.storeBytes(of: major | UInt8(truncatingIfNeeded: items), toByteOffset: start, as: UInt8.self)
      return
    }
    openGap(items <= 0xFF ? 1 : items <= 0xFFFF ? 2 : items <= 0xFFFF_FFFF ? 4 : 8, at: start + 1)
    let end = count
    count = start
    write(major, UInt64(items))
    count = end
  }

  /// Sorts the entries of a map that begin at `entries[first...]`, with the last map's order if it had the same keys.
  /// - Returns: The number of entries after the sort.
  @inline(__always)
  func sortEntries(from first: Int, _ memo: UnsafeMutablePointer<KeyMemo>) -> Int {
    let total = entries.count - first
    if total < 2 { return total }
    if let known = memo.pointee.foreseen(total) {
      rearrange(from: first, group: 1, total: total, known)
      return total
    }
    order.removeAll(keepingCapacity: true)
    let count = sortEntries(from: first, keyed: true)
    if order.isEmpty {
      memo.pointee.keep(0..<total, of: total)
    } else {
      memo.pointee.keep(order, of: total)
    }
    return count
  }

  /// Sorts the entries that begin at `entries[first...]` by their bytes.
  /// - Parameters:
  ///   - group: The number of consecutive entries that stay together and are ordered by the first.
  ///   - keyed: Whether each entry begins with a key. Of equal keys the last entry counts.
  /// - Returns: The number of entries afterwards.
  func sortEntries(from first: Int, group: Int = 1, keyed: Bool) -> Int {
    let total = (entries.count - first) / group
    if total < 2 { return entries.count - first }
    let bytes = base
    var isSorted = true
    entries.withUnsafeBufferPointer { entries in
      for index in 1..<total {
        let place = first + index * group
        // The head contains the length, so different keys differ before the shorter one ends. For other entries the
        // end is compared too.
        if Self.compare(bytes, entries[place - group], entries[place], keyed ? nil : count) >= 0 {
          isSorted = false
          break
        }
      }
    }
    if isSorted { return entries.count - first }
    return reorder(from: first, group: group, total: total, keyed: keyed)
  }

  private func reorder(from first: Int, group: Int, total: Int, keyed: Bool) -> Int {
    let bytes = base
    let limit = keyed ? nil : count
    order.removeAll(keepingCapacity: true)
    for index in 0..<total { order.append(index) }
    entries.withUnsafeBufferPointer { entries in
      func isBefore(_ left: Int, _ right: Int) -> Bool {
        let difference = Self.compare(bytes, entries[first + left * group], entries[first + right * group], limit)
        return difference == 0 ? left < right : difference < 0
      }
      if total > 24 {
        order.sort(by: isBefore)
        return
      }
      order.withUnsafeMutableBufferPointer { order in
        for index in 1..<total {
          let moved = order[index]
          var place = index
          while place > 0, isBefore(moved, order[place - 1]) {
            order[place] = order[place - 1]
            place -= 1
          }
          order[place] = moved
        }
      }
    }
    if keyed {
      // Of a key that was written twice, the last value counts.
      var kept: ContiguousArray<Int> = []
      for index in 1..<total where compareEntries(first, order[index - 1], order[index]) == 0 { kept = order }
      if !kept.isEmpty {
        kept.removeAll()
        for index in 0..<total
        where index + 1 == total || compareEntries(first, order[index], order[index + 1]) != 0 {
          kept.append(order[index])
        }
        order = kept
      }
    }
    order.withUnsafeBufferPointer { rearrange(from: first, group: group, total: total, $0) }
    return order.count * group
  }

  private func compareEntries(_ first: Int, _ left: Int, _ right: Int) -> Int32 {
    Self.compare(base, entries[first + left], entries[first + right], nil)
  }

  /// Replaces the entries by those in `order`.
  private func rearrange(from first: Int, group: Int, total: Int, _ order: UnsafeBufferPointer<Int>) {
    let start = entries[first]
    func end(_ index: Int) -> Int { index + 1 < total ? entries[first + (index + 1) * group] : count }
    if scratchCapacity < count - start {
      scratchCapacity = max(count - start, 4096)
      free(scratch)
      scratch = Self.allocate(scratchCapacity)
    }
    guard let scratch else { return }
    var moved: [External] = []
    let firstExternal = externals.firstIndex { $0.offset > start } ?? externals.count
    var position = 0
    for index in order {
      let (from, to) = (entries[first + index * group], end(index))
      memcpy(scratch + position, base + from, to - from)
      if firstExternal < externals.count {
        for external in externals[firstExternal...] where external.offset > from && external.offset <= to {
          moved.append(External(offset: external.offset - from + start + position, numbers: external.numbers))
        }
      }
      position += to - from
    }
    memcpy(base + start, scratch, position)
    count = start + position
    if firstExternal < externals.count { externals.replaceSubrange(firstExternal..., with: moved) }
  }

  /// Compares the bytes at two offsets: up to the end of the keys, or up to `limit`.
  @inline(__always)
  private static func compare(_ base: UnsafeMutableRawPointer, _ left: Int, _ right: Int, _ limit: Int?) -> Int32 {
    let first = (base + left).load(as: UInt8.self)
    let second = (base + right).load(as: UInt8.self)
    if first != second { return Int32(first) - Int32(second) }
    if let limit {
      // Neither item is a prefix of the other, unless they are equal.
      let length = limit - max(left, right)
      return memcmp(base + left, base + right, min(length, abs(right - left)))
    }
    let rest = first & 0x1F
    if rest < 24 { return Int32(compareBytes(base + left + 1, base + right + 1, Int(rest))) }
    let words = 1 << Int(rest - 24)
    let heads = memcmp(base + left + 1, base + right + 1, words)
    if heads != 0 { return heads }
    var length = 0
    for index in 0..<words { length = length << 8 | Int((base + left + 1 + index).load(as: UInt8.self)) }
    return memcmp(base + left + 1 + words, base + right + 1 + words, length)
  }
}
