/// Memory that a pass takes from the front and gives back all at once.
///
/// What a pass needs beyond the memory there is comes in blocks of its own; the next pass has all of it in one. From
/// the third pass of the same size on, nothing is allocated.
struct TapeArena {
  private var block = Buffer<UInt8>(0, repeating: 0)
  private var used = 0
  /// Blocks that this pass needed in addition.
  private var more: [Buffer<UInt8>] = []
  /// Pieces that were given back before the end of the pass, by size.
  private var free: [(bytes: Int, pointer: UnsafeMutableRawPointer)] = []
  private var needed = 0

  /// The bytes that are there, in use or not.
  var bytes: Int { more.reduce(block.count) { $0 + $1.count } }

  private static func rounded(_ bytes: Int) -> Int { max(bytes + 63, 64) & ~63 }

  /// Memory for `bytes`, aligned to 64 bytes, with anything in it.
  mutating func take(_ bytes: Int) -> UnsafeMutableRawPointer {
    let size = Self.rounded(bytes)
    if let index = free.lastIndex(where: { $0.bytes == size }) {
      let pointer = free[index].pointer
      free.swapAt(index, free.count - 1)
      free.removeLast()
      return pointer
    }
    needed += size
    if used + size <= block.count {
      defer { used += size }
      return UnsafeMutableRawPointer(block.pointer) + used
    }
    let extra = Buffer<UInt8>(size, repeating: 0)
    more.append(extra)
    return UnsafeMutableRawPointer(extra.pointer)
  }

  /// Gives back what `take` gave, for use within the pass.
  mutating func give(_ pointer: UnsafeMutableRawPointer, bytes: Int) {
    free.append((Self.rounded(bytes), pointer))
  }

  /// Begins a new pass.
  mutating func reset() {
    if !more.isEmpty {
      more.removeAll()
      block = Buffer(needed + needed / 8, repeating: 0)
    }
    used = 0
    needed = 0
    free.removeAll(keepingCapacity: true)
  }
}
