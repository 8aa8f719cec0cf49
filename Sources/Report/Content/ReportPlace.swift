import Engine
import Foundation
import Glibc

/// Decides the folder that a notebook's report is written to.
package enum ReportPlace {
  /// The folder `reports/<notebook name>/` in the nearest parent folder that contains a `reports/` or
  /// `Package.swift`, else beside the notebook.
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

  /// Whether the path exists and belongs to this user: a `reports/` that another user made, for example in `/tmp`,
  /// would receive the report and its data against the author's intention.
  private static func isOwn(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_uid == geteuid() && status.st_mode & 0o002 == 0
  }
}
