/// An arena: memory that a pass allocates from the front and frees all at once.
///
/// If a pass needs more memory than there is, it gets additional blocks; the next pass has all of it in one block.
/// From the third pass of the same size on, nothing is allocated.
struct TapeArena {
  private var block = Buffer<UInt8>(0, repeating: 0)
  private var used = 0
  /// The additional blocks of this pass.
  private var more: [Buffer<UInt8>] = []
  /// Pieces that were freed before the end of the pass, by size.
  private var free: [(bytes: Int, pointer: UnsafeMutableRawPointer)] = []
  private var needed = 0

  /// The size of all memory, used or not, in bytes.
  var bytes: Int { more.reduce(block.count) { $0 + $1.count } }

  private static func rounded(_ bytes: Int) -> Int { max(bytes + 63, 64) & ~63 }

  /// Uninitialised memory of `bytes` bytes, aligned to 64 bytes.
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

  /// Frees memory from `take` for reuse within the pass.
  mutating func give(_ pointer: UnsafeMutableRawPointer, bytes: Int) {
    free.append((Self.rounded(bytes), pointer))
  }

  /// Starts a new pass.
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
