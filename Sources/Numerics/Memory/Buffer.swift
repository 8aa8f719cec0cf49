import Foundation

/// Memory for `count` plain values, allocated once, aligned for vector instructions, and reused by every batch.
///
/// There is room for a multiple of 16 values, all initialised, so that loops over whole vectors need no remainder.
package final class Buffer<Element: BitwiseCopyable> {
  package let pointer: UnsafeMutablePointer<Element>
  package let count: Int
  /// The bytes of what is mapped, or 0 where the memory is the allocator's.
  private let mappedBytes: Int

  package init(_ count: Int, repeating value: Element) {
    let room = max(count + 15, 16) & ~15
    self.count = count
    let bytes = room * MemoryLayout<Element>.stride
    if Self.isZero(value), let (memory, mapped) = Self.map(bytes: bytes) {
      pointer = memory.bindMemory(to: Element.self, capacity: room)
      mappedBytes = mapped
      return
    }
    mappedBytes = 0
    pointer = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
      .bindMemory(to: Element.self, capacity: room)
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
    #if os(Linux)
      if mappedBytes > 0 {
        munmap(pointer, mappedBytes)
        return
      }
    #endif
    UnsafeMutableRawPointer(pointer).deallocate()
  }

  private static func isZero(_ value: Element) -> Bool {
    withUnsafeBytes(of: value) { $0.allSatisfy { $0 == 0 } }
  }

  /// Of a large page, where the system has such.
  private static var largePage: Int { 1 << 21 }

  /// Zeros in large pages, for what is large: the weights and moments of a wide network are on more small ones than a
  /// processor remembers the places of, and kernels go down their columns. The system clears a page when it is first
  /// used, by whichever thread that is, so that nothing needs to be cleared here.
  ///
  /// - Returns: Where, and how many bytes to give back; nil where the allocator does better or memory can't be mapped.
  private static func map(bytes: Int) -> (memory: UnsafeMutableRawPointer, bytes: Int)? {
    #if os(Linux)
      guard bytes >= largePage / 2 else { return nil }
      let wanted = (bytes + largePage - 1) / largePage * largePage
      let mapped = mmap(nil, wanted + largePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
      guard let mapped, mapped != MAP_FAILED else { return nil }
      // What is before the first boundary of large pages, and as much as that leaves at the end, isn't needed.
      let skipped = (largePage - Int(bitPattern: mapped) % largePage) % largePage
      if skipped > 0 { munmap(mapped, skipped) }
      if skipped < largePage { munmap(mapped + skipped + wanted, largePage - skipped) }
      // Where large pages can't be had, small ones do.
      madvise(mapped + skipped, wanted, MADV_HUGEPAGE)
      return (mapped + skipped, wanted)
    #else
      return nil
    #endif
  }

  /// The values where they lie, as long as the buffer lives.
  package var values: UnsafeBufferPointer<Element> {
    UnsafeBufferPointer(start: pointer, count: count)
  }

  /// A copy of the values.
  package var array: [Element] { Array(values) }

  /// Replaces the first values by `values`, which are not more than there are.
  package func copy(_ values: [Element]) {
    values.withUnsafeBufferPointer { source in
      guard let base = source.baseAddress else { return }
      pointer.update(from: base, count: min(source.count, count))
    }
  }
}
