import Basics
import Foundation
import Synchronization
import Wire

/// Watches files for changes by polling a few times a second. A file is read only when its modification time or size
/// has changed.
///
/// Polling works on every file system, also where another machine changes the files, and finds files that a program
/// replaces by renaming.
final class FileWatch: Sendable {
  private struct File: Sendable {
    /// The paths whose stamps change with the content: the file's own, or the folders of a listing.
    var paths: [String]
    /// Their times and sizes when the content was last read. They are nil at first, so that a change before the first
    /// poll is found.
    var stamps: [FileStamp?]?
    /// The digest of the content; nil for a file that doesn't exist.
    var digest: String?
  }

  private let files = Mutex<[String: File]>([:])

  /// Watches a file.
  /// - Parameter digest: The digest of the content when it was used; nil if the file didn't exist.
  func add(_ path: String, digest: String?) {
    let paths = FolderListing(path: path)?.find().folders ?? [path]
    files.withLock { $0[path] = File(paths: paths, stamps: nil, digest: digest) }
  }

  /// Whether the content of any file has changed.
  func isChanged() -> Bool {
    files.withLock { files in
      for (path, file) in files {
        let stamps = file.paths.map { FileStamp($0) }
        if stamps.allSatisfy({ $0 == nil }), file.digest == nil { continue }
        if stamps == file.stamps { continue }
        let found = FolderListing(path: path)?.find()
        let digest = found.map(SHA256.hexOfNames) ?? SHA256.hexOfFile(path)
        if digest != file.digest { return true }
        // A folder may have lost or gained subfolders without files.
        let paths = found?.folders ?? [path]
        files[path]?.stamps = paths == file.paths ? stamps : nil
        files[path]?.paths = paths
      }
      return false
    }
  }
}
