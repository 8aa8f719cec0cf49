import Numerics

/// Numbers sequences of integers so that equal ones have equal numbers, from 0 in the order of their first
/// appearance.
///
/// All sequences are stored one after the other in one array, and the hash table holds only numbers. So a million
/// sequences cost only their elements and 16 bytes each.
struct SequenceInterner: Sendable {
  /// Sequence `n` is `elements[offsets[n]..<offsets[n + 1]]`.
  private(set) var offsets: [Int32] = [0]
  private(set) var elements: [Int32] = []
  private var hashes: [UInt32] = []
  private var slots: [Int32]

  init() {
    slots = Array(repeating: -1, count: 1024)
  }

  /// The number of distinct sequences so far.
  var count: Int { hashes.count }

  /// The number of `sequence`, which gets a new one if it is unknown.
  mutating func intern(_ sequence: UnsafeBufferPointer<Int32>) -> Int32 {
    intern(sequence, hash: Self.hash(sequence))
  }

  private mutating func intern(_ sequence: UnsafeBufferPointer<Int32>, hash: UInt32) -> Int32 {
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

  /// Numbers the sequences of `count` items in parallel. The numbers are the same as if one thread did it in order.
  ///
  /// - Parameters:
  ///   - numbers: The memory for the numbers of all sequences.
  ///   - starts: The start of each item's numbers, and the end of the last one's; nil if every item has one number.
  ///   - body: A function that interns the sequences of a range of items and writes their numbers.
  static func numbering(
    _ count: Int, into numbers: UnsafeMutablePointer<Int32>, starts: [Int]? = nil, team: ThreadTeam,
    _ body: (_ items: Range<Int>, _ interner: inout SequenceInterner) -> Void
  ) -> SequenceInterner {
    let parts = max(1, min(team.size, count / fewestItems))
    var interners = Array(repeating: SequenceInterner(), count: parts)
    let ranges = (0..<parts).map { $0 * count / parts..<($0 + 1) * count / parts }
    interners.withUnsafeMutableBufferPointer { interners in
      // Every part has its own interner and its own range of the numbers.
      nonisolated(unsafe) let interners = interners
      team.forEach(parts) { part, _ in body(ranges[part], &interners[part]) }
    }
    // Sequences that a later part met first are numbered after those of earlier parts, in that part's order. Each
    // part's memory is freed as soon as it is merged.
    var all = SequenceInterner()
    let renumbered = interners.indices.map { part in
      let interner = interners[part]
      interners[part] = SequenceInterner()
      if part == 0 { all = interner }
      return part == 0 ? [] : all.intern(all: interner)
    }
    team.forEach(parts) { part, _ in
      if part == 0 { return }
      renumbered[part].withUnsafeBufferPointer { renumbered in
        let (first, end) = (ranges[part].lowerBound, ranges[part].upperBound)
        for place in (starts?[first] ?? first)..<(starts?[end] ?? end) {
          numbers[place] = renumbered[Int(numbers[place])]
        }
      }
    }
    return all
  }

  /// The least number of items for which another thread is worthwhile.
  private static let fewestItems = 1000

  /// The numbers in this interner of another interner's sequences, in its order.
  private mutating func intern(all other: SequenceInterner) -> [Int32] {
    other.elements.withUnsafeBufferPointer { elements in
      (0..<other.count).map { number in
        let range = Int(other.offsets[number])..<Int(other.offsets[number + 1])
        return intern(UnsafeBufferPointer(rebasing: elements[range]), hash: other.hashes[number])
      }
    }
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
    func mix(_ bits: UInt64) {
      state = (state ^ bits) &* 0x9E37_79B9_7F4A_7C15
      state ^= state >> 29
    }
    let bytes = UnsafeRawBufferPointer(sequence)
    let pairs = bytes.count & ~7
    for offset in stride(from: 0, to: pairs, by: 8) {
      mix(bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
    if pairs < bytes.count { mix(UInt64(bytes.loadUnaligned(fromByteOffset: pairs, as: UInt32.self))) }
    state = state &* 0xBF58_476D_1CE4_E5B9
    return UInt32(truncatingIfNeeded: state >> 32)
  }
}
