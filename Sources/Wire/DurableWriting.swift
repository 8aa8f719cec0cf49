import Foundation
import Glibc

extension Data {
  /// Writes to a temporary file beside `url`, flushes it to the disk and renames it, so that a power cut leaves the old
  /// state or the new one. An existing file of that name is left as it is when `replace` is false.
  package func writeDurably(to url: URL, replace: Bool = false) throws {
    if !replace, FileManager.default.fileExists(atPath: url.path) { return }
    let temporary = url.deletingLastPathComponent().appendingPathComponent(
      ".labbook.\(getpid()).\(UInt64.random(in: 0 ... .max))")
    let descriptor = open(temporary.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw POSIXFailure(action: "create", path: temporary.path) }
    defer { close(descriptor) }
    do {
      try withUnsafeBytes { bytes in
        var start = 0
        while start < bytes.count {
          let written = Glibc.write(descriptor, bytes.baseAddress?.advanced(by: start), bytes.count - start)
          if written < 0 {
            if errno == EINTR { continue }
            throw POSIXFailure(action: "write", path: temporary.path)
          }
          start += written
        }
      }
      guard fsync(descriptor) == 0 else { throw POSIXFailure(action: "flush", path: temporary.path) }
      guard rename(temporary.path, url.path) == 0 else { throw POSIXFailure(action: "rename", path: url.path) }
    } catch {
      unlink(temporary.path)
      throw error
    }
  }
}

/// A system call's error, in words.
package struct POSIXFailure: Error, CustomStringConvertible {
  package var action: String
  package var path: String
  package var code: Int32

  package init(action: String, path: String, code: Int32 = errno) {
    self.action = action
    self.path = path
    self.code = code
  }

  package var description: String {
    "can't \(action) \(path): \(String(cString: strerror(code)))"
  }
}
