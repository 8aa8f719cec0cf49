import Foundation
import Glibc
import Synchronization
import Wire

/// Watches files for changes by polling a few times a second. A file is read only when its modification time or size
/// has changed.
///
/// Polling works on every file system, also where another machine changes the files, and finds files that a program
/// replaces by renaming.
final class FileWatch: Sendable {
  private struct Stamp: Hashable, Sendable {
    var seconds: Int
    var nanoseconds: Int
    var size: Int64
    var node: UInt64

    /// The result is nil for a file that doesn't exist.
    init?(_ path: String) {
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      seconds = status.st_mtim.tv_sec
      nanoseconds = status.st_mtim.tv_nsec
      size = Int64(status.st_size)
      node = UInt64(status.st_ino)
    }
  }

  private struct File: Sendable {
    /// The time and size when the file was last read. It is nil at first, so that a change before the first poll is
    /// found.
    var stamp: Stamp?
    /// The digest of the content; nil for a file that doesn't exist.
    var digest: String?
  }

  private let files = Mutex<[String: File]>([:])

  /// Watches a file.
  /// - Parameter digest: The digest of the content when it was used; nil if the file didn't exist.
  func add(_ path: String, digest: String?) {
    files.withLock { $0[path] = File(stamp: nil, digest: digest) }
  }

  /// Whether the content of any file has changed.
  func isChanged() -> Bool {
    files.withLock { files in
      for (path, file) in files {
        let stamp = Stamp(path)
        if stamp == nil, file.digest == nil { continue }
        if let stamp, stamp == file.stamp { continue }
        let digest = SHA256.hexOfFile(path)
        if digest != file.digest { return true }
        files[path]?.stamp = stamp
      }
      return false
    }
  }
}
