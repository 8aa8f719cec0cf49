import Foundation

/// Memory for `count` plain values. It is allocated once, aligned for vector instructions, and reused by every batch.
///
/// The capacity is a multiple of 16 values, all initialised, so that loops over whole vectors need no remainder.
package final class Buffer<Element: BitwiseCopyable> {
  package let pointer: UnsafeMutablePointer<Element>
  package let count: Int
  /// The number of mapped bytes; 0 if the memory comes from the allocator.
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
    // Copies are doubled: in unspecialised generic code, writing one value at a time would take a call for each.
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

  /// The size of a huge page on Linux.
  private static var largePage: Int { 1 << 21 }

  /// Maps zeroed memory with huge pages for large buffers. The weights and moments of a wide network span more 4 KiB
  /// pages than the TLB holds, and kernels walk down their columns. The system clears a page at its first use, on the
  /// thread that uses it, so nothing is cleared here.
  ///
  /// - Returns: The memory and the number of bytes to unmap; nil if the allocator is better or mapping fails.
  private static func map(bytes: Int) -> (memory: UnsafeMutableRawPointer, bytes: Int)? {
    #if os(Linux)
      guard bytes >= largePage / 2 else { return nil }
      let wanted = (bytes + largePage - 1) / largePage * largePage
      let mapped = mmap(nil, wanted + largePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
      guard let mapped, mapped != MAP_FAILED else { return nil }
      // The memory before the first huge-page boundary and the rest at the end are unused.
      let skipped = (largePage - Int(bitPattern: mapped) % largePage) % largePage
      if skipped > 0 { munmap(mapped, skipped) }
      if skipped < largePage { munmap(mapped + skipped + wanted, largePage - skipped) }
      // Without huge pages the kernel uses ordinary ones.
      madvise(mapped + skipped, wanted, MADV_HUGEPAGE)
      return (mapped + skipped, wanted)
    #else
      return nil
    #endif
  }

  /// The values in place, valid as long as the buffer lives.
  package var values: UnsafeBufferPointer<Element> {
    UnsafeBufferPointer(start: pointer, count: count)
  }

  /// A copy of the values.
  package var array: [Element] { Array(values) }

  /// Replaces the first values by `values`, which must not be more than `count`.
  package func copy(_ values: [Element]) {
    values.withUnsafeBufferPointer { source in
      guard let base = source.baseAddress else { return }
      pointer.update(from: base, count: min(source.count, count))
    }
  }
}
