import Foundation
import Glibc
import Synchronization
import Wire

/// Files whose change is waited for: looked at a few times a second, and read only when their time or size has changed.
///
/// Looking works on every file system, also where changes come from another machine, and a program that saves by
/// renaming changes nothing about it.
final class FileWatch: Sendable {
  private struct Stamp: Hashable, Sendable {
    var seconds: Int
    var nanoseconds: Int
    var size: Int64
    var node: UInt64

    /// nil for a file that isn't there.
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
    /// When it was last read; nil before, so that a change before the first look is not missed.
    var stamp: Stamp?
    /// nil for a file that isn't there.
    var digest: String?
  }

  private let files = Mutex<[String: File]>([:])

  /// Watches a file.
  /// - Parameter digest: What its content was when it was used; nil for no such file.
  func add(_ path: String, digest: String?) {
    files.withLock { $0[path] = File(stamp: nil, digest: digest) }
  }

  /// Whether any file is not what it was.
  func isChanged() -> Bool {
    files.withLock { files in
      for (path, file) in files {
        let stamp = Stamp(path)
        if stamp == nil, file.digest == nil { continue }
        if let stamp, stamp == file.stamp { continue }
        let digest = FileManager.default.contents(atPath: path).map(SHA256.hex)
        if digest != file.digest { return true }
        files[path]?.stamp = stamp
      }
      return false
    }
  }
}
