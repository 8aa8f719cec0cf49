import Engine
import Foundation
import Wire

extension ReportArchive {
  /// Writes the files into a folder.
  /// - Returns: Their paths in it.
  /// - Throws: `NotebookError` when files of other content are in the way; then none is written.
  package func unpack(to folder: URL, replace: Bool) throws -> [String] {
    // Links in the folder may lead out of it.
    let root = folder.resolvingSymlinksInPath().standardizedFileURL.path
    var obstacles: [Diagnostic] = []
    for file in files {
      let url = folder.appendingPathComponent(file.path)
      let parent = url.deletingLastPathComponent().resolvingSymlinksInPath().standardizedFileURL.path
      if parent != root, !parent.hasPrefix(root + "/") {
        obstacles.append(.error("\(url.path) leads out of the folder by a link"))
      } else if !replace, let content = FileManager.default.contents(atPath: url.path), content != file.content {
        obstacles.append(
          .error(
            "\(url.path) is there already, and is another file",
            remedy: "Unpack to a new folder, or replace it by --force."))
      }
    }
    if !obstacles.isEmpty { throw NotebookError(obstacles) }
    for file in files {
      let url = folder.appendingPathComponent(file.path)
      do {
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try file.content.writeDurably(to: url, replace: true)
      } catch {
        throw NotebookError("\(url.path) can't be written: \(error)")
      }
    }
    return files.map(\.path)
  }
}
