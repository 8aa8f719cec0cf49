import Engine
import Foundation

/// Where a notebook's report goes.
package enum ReportPlace {
  /// `reports/<notebook name>/` in the nearest folder upward that holds a `reports/` or `Package.swift`, else beside the
  /// notebook.
  package static func folder(for notebook: Notebook) -> URL {
    folder(name: notebook.name, from: notebook.folder)
  }

  /// The folder of the report of the notebook `name` in `notebooks`.
  package static func folder(name: String, from notebooks: URL) -> URL {
    var folder = notebooks
    while folder.path != "/" {
      for mark in ["reports", "Package.swift"]
      where FileManager.default.fileExists(atPath: folder.appendingPathComponent(mark).path) {
        return folder.appendingPathComponent("reports/\(name)")
      }
      folder.deleteLastPathComponent()
    }
    return notebooks.appendingPathComponent("reports/\(name)")
  }
}
