import Foundation
import Glibc

extension Data {
  /// Writes to a temporary file beside `url`, flushes it to disk and renames it, so that a power cut leaves the old
  /// or the new state. An existing file with that name is kept if `replace` is false.
  package func writeDurably(to url: URL, replace: Bool = false) throws {
    if !replace, FileManager.default.fileExists(atPath: url.path) { return }
    let file = try DurableFile(in: url.deletingLastPathComponent())
    try withUnsafeBytes { try file.write($0) }
    try file.keep(as: url.lastPathComponent)
  }
}

/// An error of a system call, in words.
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

extension POSIXFailure: CustomNSError {
  package static var errorDomain: String { NSPOSIXErrorDomain }

  package var errorCode: Int { Int(code) }
}
