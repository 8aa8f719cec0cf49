import Foundation
import Glibc

/// A folder that is removed together with this value.
package final class TemporaryFolder: Sendable {
  package let url: URL

  package init(_ purpose: String) throws {
    url = try Self.make(purpose)
  }

  /// Makes a new folder that only its owner can open (mode 0700).
  package static func make(_ purpose: String) throws -> URL {
    let parent = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
    var path = Array(parent.appendingPathComponent("labbook-\(purpose)-XXXXXX").path.utf8CString)
    guard mkdtemp(&path) != nil else {
      throw NotebookError(
        "a temporary folder can't be made in \(parent.path): \(String(cString: strerror(errno)))",
        remedy: "Free disk space there, or set TMPDIR to another folder.")
    }
    return URL(
      fileURLWithPath: String(decoding: path.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self), isDirectory: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: url)
  }
}
