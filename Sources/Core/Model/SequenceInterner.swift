/// Gives equal sequences of integers the same number, counting from 0 in the order in which they first come.
///
/// Sequences lie one behind the other in one array, and the hash table holds numbers only: a million sequences cost no
/// more than their elements and 16 bytes each.
struct SequenceInterner: Sendable {
  /// Sequence `n` is `elements[offsets[n]..<offsets[n + 1]]`.
  private(set) var offsets: [Int32] = [0]
  private(set) var elements: [Int32] = []
  private var hashes: [UInt32] = []
  private var slots: [Int32]

  init() {
    slots = Array(repeating: -1, count: 1024)
  }

  /// The number of different sequences so far.
  var count: Int { hashes.count }

  /// The number of `sequence`, which is a new one if it wasn't there yet.
  mutating func intern(_ sequence: UnsafeBufferPointer<Int32>) -> Int32 {
    let hash = Self.hash(sequence)
    var slot = Int(hash) & (slots.count - 1)
    while slots[slot] >= 0 {
      let candidate = Int(slots[slot])
      if hashes[candidate] == hash, matches(candidate, sequence) { return Int32(candidate) }
      slot = (slot + 1) & (slots.count - 1)
    }
    let number = Int32(count)
    slots[slot] = number
    elements.append(contentsOf: sequence)
    offsets.append(Int32(elements.count))
    hashes.append(hash)
    if count * 2 > slots.count { grow() }
    return number
  }

  private func matches(_ candidate: Int, _ sequence: UnsafeBufferPointer<Int32>) -> Bool {
    let start = Int(offsets[candidate])
    guard Int(offsets[candidate + 1]) - start == sequence.count else { return false }
    for position in 0..<sequence.count where elements[start + position] != sequence[position] { return false }
    return true
  }

  private mutating func grow() {
    slots = Array(repeating: -1, count: slots.count * 2)
    for number in 0..<count {
      var slot = Int(hashes[number]) & (slots.count - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(number)
    }
  }

  private static func hash(_ sequence: UnsafeBufferPointer<Int32>) -> UInt32 {
    var state = UInt64(truncatingIfNeeded: sequence.count)
    for element in sequence {
      state = (state ^ UInt64(UInt32(bitPattern: element))) &* 0x9E37_79B9_7F4A_7C15
      state ^= state >> 29
    }
    state = state &* 0xBF58_476D_1CE4_E5B9
    return UInt32(truncatingIfNeeded: state >> 32)
  }
}
