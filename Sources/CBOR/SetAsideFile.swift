import Glibc

/// A temporary file without a name, for bytes of a value whose place in the value isn't known yet, so that they don't
/// stay in memory.
final class SetAsideFile {
  private let descriptor: Int32
  private var size = 0

  /// - Returns: nil if no file can be made in the folder.
  init?(in folder: String) {
    var name = Array("\(folder)/.labbook.XXXXXX".utf8CString)
    descriptor = mkstemp(&name)
    guard descriptor >= 0 else { return nil }
    unlink(name)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  }

  deinit { close(descriptor) }

  /// Writes bytes to the file.
  /// - Returns: The bytes in the file, or nil if they can't be written or mapped.
  func add(_ bytes: UnsafeRawBufferPointer) -> SetAsideBytes? {
    var count = 0
    while count < bytes.count {
      let written = pwrite(descriptor, bytes.baseAddress?.advanced(by: count), bytes.count - count, off_t(size + count))
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { return nil }
      count += written
    }
    guard let result = SetAsideBytes(descriptor, offset: size, count: count) else { return nil }
    // Mappings begin at whole pages.
    let page = Int(getpagesize())
    size += (count + page - 1) / page * page
    return result
  }
}

/// Bytes in a file, which are in memory only while they are used.
final class SetAsideBytes: PackedNumberStorage {
  let byteCount: Int
  private let base: UnsafeMutableRawPointer

  fileprivate init?(_ descriptor: Int32, offset: Int, count: Int) {
    guard let base = mmap(nil, count, PROT_READ, MAP_SHARED, descriptor, off_t(offset)), base != MAP_FAILED else {
      return nil
    }
    self.base = base
    byteCount = count
  }

  deinit { munmap(base, byteCount) }

  func withBytes(_ body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
    defer { madvise(base, byteCount, MADV_DONTNEED) }
    try body(UnsafeRawBufferPointer(start: base, count: byteCount))
  }

  func isCanonical(_ bytes: UnsafeRawBufferPointer) -> Bool { true }
  func makeCanonical(_ bytes: UnsafeMutableRawBufferPointer) {}
}
