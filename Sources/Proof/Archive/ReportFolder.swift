import Basics
import Core
import Engine
import Foundation
import Wire

/// A folder in which a report's notebook can be run, with its data files at the paths that the notebook names.
package struct ReportFolder: Sendable {
  package let folder: TemporaryFolder
  /// The notebook's file.
  package let notebook: URL
  package let layout: ReportLayout

  /// - Parameter data: The folder of the data files, as in `Verifier`.
  /// - Throws: `NotebookError` that names every data file that a cell will read and that can't be found unchanged.
  package init(_ archive: ReportArchive, lock: ReportLock, report: String, data: String?) throws {
    for file in lock.files {
      let parts = file.path.split(separator: "/", omittingEmptySubsequences: false)
      let inner = file.path.hasPrefix("/") ? parts.dropFirst() : parts.drop { $0 == ".." }
      guard !inner.isEmpty, inner.allSatisfy({ $0 != ".." && $0 != "." && !$0.isEmpty }), file.path == file.path.visible
      else {
        throw InputError.forged("the report names a data file by an unsafe path: \"\(file.path.visible)\"", report)
      }
    }
    folder = try TemporaryFolder("verify")
    // The notebook is as many folders deep as its paths lead upward, so that none leaves the folder.
    let depth = lock.files.map { $0.path.split(separator: "/").prefix { $0 == ".." }.count }.max() ?? 0
    var home = folder.url.appendingPathComponent("report", isDirectory: true)
    for level in 0..<depth { home.appendPathComponent("level-\(level)", isDirectory: true) }
    try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
    var notebook = home
    for file in archive.files where file.kind == .notebook || file.kind == .data {
      let url = home.appendingPathComponent(file.path)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try file.content.write(to: url)
      if file.kind == .notebook { notebook = url }
    }
    self.notebook = notebook
    var dataFiles: [URL] = []

    let places = Self.places(report: report, notebookPath: lock.notebook.path, data: data)
    var errors: [Diagnostic] = []
    // The results of pinned cells are taken as given, so files that only they read may be missing. Files that the
    // option `depends` names are parts of the cells' keys.
    let needed = Set(
      lock.cells.flatMap { cell in
        (cell.isPinned == true ? [] : cell.result?.files ?? []) + (cell.result?.key.dependedFiles ?? [])
      }.map(\.path))
    for file in lock.files where !archive.files.contains(where: { $0.kind == .data && $0.path == file.path }) {
      let candidates =
        file.path.hasPrefix("/")
        ? [URL(fileURLWithPath: file.path)] : places.map { URL(fileURLWithPath: file.path, relativeTo: $0).absoluteURL }
      let contents = candidates.map { FileManager.default.contents(atPath: $0.path) }
      if let index = contents.firstIndex(where: { $0.map(SHA256.hex) == file.sha256 }) {
        dataFiles.append(candidates[index].standardizedFileURL.resolvingSymlinksInPath())
        if file.path.hasPrefix("/") { continue }
        let link = URL(fileURLWithPath: file.path, relativeTo: home).standardizedFileURL
        try FileManager.default.createDirectory(at: link.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
          at: link, withDestinationURL: candidates[index].standardizedFileURL)
      } else if needed.contains(file.path) {
        let isThere = contents.contains { $0 != nil }
        errors.append(
          .error(
            isThere
              ? "the data file \(file.path) is not the one that the report was made from"
              : "the data file \(file.path) can't be found", at: Place(file: report),
            remedy: "Its SHA-256 is \(file.sha256). Give the folder that holds it by --data."))
      }
    }
    if !errors.isEmpty { throw NotebookError(errors) }
    layout = ReportLayout(root: folder.url.appendingPathComponent("report"), dataFiles: dataFiles)
  }

  /// Folders to which the notebook's paths may be relative.
  private static func places(report: String, notebookPath: String, data: String?) -> [URL] {
    if let data { return [URL(fileURLWithPath: data, isDirectory: true)] }
    let beside = URL(fileURLWithPath: report).deletingLastPathComponent()
    let origin = URL(fileURLWithPath: notebookPath, relativeTo: beside).standardizedFileURL.deletingLastPathComponent()
    return [origin, beside, URL(fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true)]
  }
}
