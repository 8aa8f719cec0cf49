import Basics
import Foundation
import Glibc

/// The files that a notebook may read: those in its own folder and in the folders that its front matter allows.
package struct FileReach: Sendable {
  package let folder: URL
  private let roots: [String]

  /// - Parameter allowed: The front matter's folders, relative to the notebook's folder.
  package init(folder: URL, allowed: [String]) {
    // As in `Notebook.url`.
    let folder = folder.resolvingSymlinksInPath()
    self.folder = folder
    roots = [Self.real(folder.path)] + allowed.map { Self.real(URL(fileURLWithPath: $0, relativeTo: folder).path) }
  }

  package init(_ notebook: Notebook) {
    self.init(folder: notebook.folder, allowed: notebook.frontMatter.allowedFolders)
  }

  /// Whether the file at `path`, with all links resolved, may be read. A path that doesn't exist is allowed.
  package func contains(_ path: String) -> Bool {
    let real = Self.real(URL(fileURLWithPath: path, relativeTo: folder).path)
    return roots.contains { real == $0 || real.hasPrefix($0 == "/" ? "/" : $0 + "/") }
  }

  /// The content of a file that may be read.
  package func content(_ path: String, limit: Int) -> Data? {
    let file = URL(fileURLWithPath: path, relativeTo: folder)
    FileRegister.note(file.path)
    guard contains(path) else { return nil }
    var status = stat()
    guard stat(file.path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, Int(status.st_size) <= limit else {
      return nil
    }
    return try? Data(contentsOf: file)
  }

  /// The front matter that would allow a file to be read.
  package func remedy(for path: String) -> String {
    var path = path
    // A path inside the folder leads out of it by a link, whose target is what has to be allowed.
    if !path.hasPrefix("/"), !path.hasPrefix("../") {
      path = Self.real(URL(fileURLWithPath: path, relativeTo: folder).path)
    }
    let parent = URL(fileURLWithPath: path).deletingLastPathComponent().relativePath
    let named =
      path.hasPrefix("/") ? parent : String(path.dropLast(path.split(separator: "/").last?.count ?? 0).dropLast())
    return "Say so in the front matter: allow: [\(named.isEmpty ? "." : named)]"
  }

  /// The path with links resolved, as far as it exists.
  package static func real(_ path: String) -> String {
    let path = URL(fileURLWithPath: path).standardizedFileURL.path
    guard let resolved = realpath(path, nil) else {
      let url = URL(fileURLWithPath: path)
      return path == "/" ? "/" : real(url.deletingLastPathComponent().path) + "/" + url.lastPathComponent
    }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}

extension Notebook {
  /// The folders outside the notebook's own that its front matter allows.
  package var allowedFolders: [URL] {
    frontMatter.allowedFolders.map { url($0).standardizedFileURL }
  }

  /// The file that a cell names so. Cells run in the notebook's folder itself, so that above a symbolic link to it `..`
  /// would be another folder.
  package func url(_ path: String) -> URL { URL(fileURLWithPath: path, relativeTo: folder.resolvingSymlinksInPath()) }
}
