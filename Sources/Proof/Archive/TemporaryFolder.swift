import Engine
import Foundation
import Glibc

/// A folder that goes when the value does.
package final class TemporaryFolder: Sendable {
  package let url: URL

  package init(_ purpose: String) throws {
    let name = "labbook-\(purpose)-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    url = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().appendingPathComponent(name)
    do {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    } catch {
      throw NotebookError(
        "no temporary folder can be made: \(error.localizedDescription)",
        remedy: "TMPDIR names the folder to make it in; make room there.")
    }
  }

  deinit {
    try? FileManager.default.removeItem(at: url)
  }
}
