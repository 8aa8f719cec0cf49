import Foundation

/// What shows that a file is probably still the same without reading it: its number, its size and the time of its last
/// change.
package struct FileStamp: Hashable, Sendable {
  package let node: UInt64
  package let size: Int64
  /// The time of the last change in seconds since 1970, and the nanoseconds after it.
  package let seconds: Int
  package let nanoseconds: Int

  /// - Returns: Nil if there is no such file.
  package init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    node = UInt64(status.st_ino)
    size = Int64(status.st_size)
    seconds = status.st_mtim.tv_sec
    nanoseconds = status.st_mtim.tv_nsec
  }
}
