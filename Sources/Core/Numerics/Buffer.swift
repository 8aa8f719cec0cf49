import Foundation

/// Memory for `count` plain values, allocated once, aligned for vector instructions, and reused by every batch.
///
/// There is room for a multiple of 16 values, all initialised, so that loops over whole vectors need no remainder.
final class Buffer<Element: BitwiseCopyable> {
  let pointer: UnsafeMutablePointer<Element>
  let count: Int

  init(_ count: Int, repeating value: Element) {
    let room = max(count + 15, 16) & ~15
    let memory = Self.allocate(bytes: room * MemoryLayout<Element>.stride)
    pointer = memory.bindMemory(to: Element.self, capacity: room)
    self.count = count
    // By copies of copies: one value at a time would be a call each, where this generic code isn't specialised.
    pointer.initialize(to: value)
    var filled = 1
    while filled < room {
      let count = min(filled, room - filled, 4096)
      (pointer + filled).initialize(from: pointer, count: count)
      filled += count
    }
  }

  deinit {
    UnsafeMutableRawPointer(pointer).deallocate()
  }

  /// Of a large page, where the system has such.
  private static var largePage: Int { 1 << 21 }

  /// What is large lies in large pages: the weights and moments of a wide network are on more small ones than a processor
  /// remembers the places of, and kernels go down their columns.
  private static func allocate(bytes: Int) -> UnsafeMutableRawPointer {
    guard bytes >= largePage / 2 else { return .allocate(byteCount: bytes, alignment: 64) }
    let room = (bytes + largePage - 1) / largePage * largePage
    let memory = UnsafeMutableRawPointer.allocate(byteCount: room, alignment: largePage)
    #if os(Linux)
      // Where it can't be had, small pages do.
      _ = madvise(memory, room, MADV_HUGEPAGE)
    #endif
    return memory
  }

  /// The values where they lie, as long as the buffer lives.
  var values: UnsafeBufferPointer<Element> {
    UnsafeBufferPointer(start: pointer, count: count)
  }

  /// A copy of the values.
  var array: [Element] { Array(values) }

  /// Replaces the first values by `values`, which are not more than there are.
  func copy(_ values: [Element]) {
    values.withUnsafeBufferPointer { source in
      guard let base = source.baseAddress else { return }
      pointer.update(from: base, count: min(source.count, count))
    }
  }
}
