import Engine
import Foundation
import Glibc

/// Where a notebook's report goes.
package enum ReportPlace {
  /// `reports/<notebook name>/` in the nearest folder upward that holds a `reports/` or `Package.swift`, else beside
  /// the notebook.
  package static func folder(for notebook: Notebook) -> URL {
    folder(name: notebook.name, from: notebook.folder)
  }

  /// The folder of the report of the notebook `name` in `notebooks`.
  package static func folder(name: String, from notebooks: URL) -> URL {
    var folder = notebooks
    while folder.path != "/", isOwn(folder.path) {
      for mark in ["reports", "Package.swift"]
      where isOwn(folder.appendingPathComponent(mark).path) {
        return folder.appendingPathComponent("reports/\(name)")
      }
      folder.deleteLastPathComponent()
    }
    return notebooks.appendingPathComponent("reports/\(name)")
  }

  /// Whether it is there, and nobody but the notebook's user can have put it there: a `reports/` in `/tmp` or in
  /// another's folder would take the report, and the data in it, where its author doesn't expect it.
  private static func isOwn(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_uid == geteuid() && status.st_mode & 0o002 == 0
  }
}
