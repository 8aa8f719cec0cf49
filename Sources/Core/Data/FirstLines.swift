/// The line on which each text appeared first.
struct FirstLines {
  /// A hash table with linear probing: indices into `entries`; -1 for an empty slot.
  private var slots: [Int32]
  private var entries: [(hash: Int, text: UnsafeBufferPointer<UInt8>, line: Int)] = []
  /// Texts that are not in Unicode's composed form, so that other bytes may be equal to them.
  private var others: [String: Int] = [:]

  init(capacity: Int) {
    slots = Array(repeating: -1, count: 1 << (Int.bitWidth - max(8, 2 * capacity).leadingZeroBitCount))
    entries.reserveCapacity(capacity)
  }

  /// Records a text whose bytes must stay in place.
  /// - Returns: The line of the same text before; nil if it is new.
  mutating func add(_ text: UnsafeBufferPointer<UInt8>, line: Int) -> Int? {
    var seen: UInt8 = 0
    for byte in text { seen |= byte }
    if seen >= 0x80 { return add(String(decoding: text, as: UTF8.self), line: line) }
    var hasher = Hasher()
    hasher.combine(bytes: UnsafeRawBufferPointer(text))
    let hash = hasher.finalize()
    var slot = hash & (slots.count - 1)
    while slots[slot] >= 0 {
      let entry = entries[Int(slots[slot])]
      if entry.hash == hash, entry.text.elementsEqual(text) { return entry.line }
      slot = (slot + 1) & (slots.count - 1)
    }
    guard let place = Int32(exactly: entries.count), 2 * entries.count < slots.count else {
      return add(String(decoding: text, as: UTF8.self), line: line)
    }
    slots[slot] = place
    entries.append((hash, text, line))
    return nil
  }

  mutating func add(_ text: String, line: Int) -> Int? {
    if let first = others[text] { return first }
    others[text] = line
    return nil
  }
}
