internal import CProcess
import Foundation
import Glibc

/// A file with a temporary name that gets its final name only after all of it has been written to disk.
package final class DurableFile {
  private let folder: URL
  private let temporary: URL
  private let descriptor: Int32
  private var isKept = false
  private var writtenCount: Int64 = 0
  private var flushedCount: Int64 = 0

  /// The number of bytes after which the disk begins to write them, while the program makes the next ones.
  private static let flushSize: Int64 = 4 << 20

  package init(in folder: URL) throws {
    self.folder = folder
    temporary = folder.appendingPathComponent(".labbook.\(getpid()).\(UInt64.random(in: 0 ... .max))")
    descriptor = open(temporary.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw POSIXFailure(action: "create", path: temporary.path) }
  }

  deinit {
    if descriptor < 0 { return }
    close(descriptor)
    if !isKept { unlink(temporary.path) }
  }

  package func write(_ bytes: UnsafeRawBufferPointer) throws {
    var start = 0
    while start < bytes.count {
      let count = min(bytes.count - start, Int(Self.flushSize))
      let written = Glibc.write(descriptor, bytes.baseAddress?.advanced(by: start), count)
      if written < 0 {
        if errno == EINTR { continue }
        throw POSIXFailure(action: "write", path: temporary.path)
      }
      start += written
      writtenCount += Int64(written)
      if writtenCount - flushedCount >= Self.flushSize {
        start_writeback(descriptor, flushedCount, writtenCount - flushedCount)
        flushedCount = writtenCount
      }
    }
  }

  /// Flushes the file to disk and renames it.
  package func keep(as name: String) throws {
    guard fsync(descriptor) == 0 else { throw POSIXFailure(action: "flush", path: temporary.path) }
    let path = folder.appendingPathComponent(name).path
    guard rename(temporary.path, path) == 0 else { throw POSIXFailure(action: "rename", path: path) }
    isKept = true
  }
}
