/// On which line each text came first.
struct FirstLines {
  /// Places of `entries` by hash, with linear probing; -1 where there is none.
  private var slots: [Int32]
  private var entries: [(hash: Int, text: UnsafeBufferPointer<UInt8>, line: Int)] = []
  /// Texts that the same letters may stand for in other bytes.
  private var others: [String: Int] = [:]

  init(capacity: Int) {
    slots = Array(repeating: -1, count: 1 << (Int.bitWidth - max(8, 2 * capacity).leadingZeroBitCount))
    entries.reserveCapacity(capacity)
  }

  /// Takes note of a text whose bytes stay where they are.
  /// - Returns: The line of the same text before, or nil.
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
