import Engine
import Foundation

/// The location of the store and the notebook that a user names.
package struct StorePlace: Sendable {
  /// The notebooks' folder.
  package var folder: URL
  /// The name of the notebook; nil for all notebooks.
  package var notebook: String?

  /// The store in the working directory, or in its only subfolder that has one.
  /// - Throws: `NotebookError` when none is found.
  package init() throws {
    let here = URL(fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: here.path)) ?? []
    let below = names.filter { !$0.hasPrefix(".") }.map { here.appendingPathComponent($0) }.filter(Self.hasStore)
    if Self.hasStore(here) {
      folder = here
    } else if below.count == 1 {
      folder = below[0]
    } else {
      throw NotebookError(
        below.isEmpty
          ? "no run is recorded in \(here.path)"
          : "several folders here have notebooks with runs: "
            + "\(below.map(\.lastPathComponent).sorted().joined(separator: ", "))",
        remedy: "Name a notebook or its folder.")
    }
    notebook = nil
  }

  /// The store of a notebook, or of a folder of notebooks.
  /// - Parameter name: A path, or the name of a notebook.
  /// - Throws: `NotebookError` when none is found.
  package init(_ name: String) throws {
    let url = URL(fileURLWithPath: name).standardizedFileURL
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder), isFolder.boolValue {
      (folder, notebook) = (url, nil)
    } else {
      folder = url.deletingLastPathComponent()
      notebook =
        url.pathExtension.lowercased() == "md" ? url.deletingPathExtension().lastPathComponent : url.lastPathComponent
      if !name.contains("/"), !Self.hasStore(folder), let common = try? StorePlace() { folder = common.folder }
    }
    guard Self.hasStore(folder) else {
      throw NotebookError(
        "no run is recorded beside \(name)", remedy: "labbook run \(name) runs it and records the run.")
    }
  }

  private static func hasStore(_ folder: URL) -> Bool {
    FileManager.default.fileExists(atPath: folder.appendingPathComponent(".labbook").path)
  }
}
