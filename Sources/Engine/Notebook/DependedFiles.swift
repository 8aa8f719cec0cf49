import Basics
import Core
import Foundation
import Glibc

/// The files that a cell's `depends` option names: single files, all files of a folder, and the matches of a pattern
/// such as `data/*.csv`.
package enum DependedFiles {
  /// - Parameters:
  ///   - names: The option's texts. One text may hold several names separated by commas.
  ///   - folder: The notebook's folder. Relative paths are relative to it.
  /// - Returns: Paths in the form of the names, in order, each once.
  /// - Throws: `NotebookError` for a name that matches no file.
  package static func paths(_ names: [String], in folder: URL, at place: Place?) throws -> [String] {
    var paths: [String] = []
    for name in names.flatMap({ parts(of: $0, in: folder) }) {
      let found = try files(name, in: folder, at: place)
      paths += found.filter { !paths.contains($0) }
    }
    return paths
  }

  /// Whether each of the names is an existing single file.
  package static func areFiles(_ names: [String], in folder: URL) -> Bool {
    names.allSatisfy { exists($0, in: folder) == (true, false) }
  }

  private static func parts(of name: String, in folder: URL) -> [String] {
    if !name.contains(",") || exists(name, in: folder).exists { return [name] }
    return name.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
  }

  private static func files(_ name: String, in folder: URL, at place: Place?) throws -> [String] {
    let (exists, isFolder) = exists(name, in: folder)
    if isFolder {
      let lead = name.hasSuffix("/") ? name : name + "/"
      guard let files = FolderFiles(Self.place(of: name, in: folder)) else {
        throw NotebookError(
          "`depends` names a folder that can't be read, or has more than \(Budgets.listedFiles) files: \(name)",
          at: place)
      }
      return files.names.map { lead + $0 }
    }
    if exists { return [name] }
    let isPattern = name.contains { "*?[".contains($0) }
    let found = isPattern ? matches(name, in: folder) : []
    if found.isEmpty {
      throw NotebookError(
        isPattern ? "`depends` matches no file: \(name)" : "`depends` names a file that can't be read: \(name)",
        at: place,
        remedy: "Paths are relative to the notebook's folder: files, folders, or patterns such as data/*.csv.")
    }
    return found
  }

  private static func place(of name: String, in folder: URL) -> String {
    name.hasPrefix("/") ? name : folder.appendingPathComponent(name).path
  }

  private static func exists(_ name: String, in folder: URL) -> (exists: Bool, isFolder: Bool) {
    var isFolder: ObjCBool = false
    let path = place(of: name, in: folder)
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    return (exists, exists && isFolder.boolValue)
  }

  private static func matches(_ pattern: String, in folder: URL) -> [String] {
    let isAbsolute = pattern.hasPrefix("/")
    let lead = isAbsolute ? "" : folder.path + "/"
    // Special characters in the folder's own path are escaped, so that only the notebook's part is a pattern.
    let escaped = lead.reduce(into: "") { $0 += "*?[\\".contains($1) ? "\\\($1)" : String($1) }
    var found = glob_t()
    defer { globfree(&found) }
    guard glob(escaped + pattern, 0, nil, &found) == 0 else { return [] }
    return (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv[$0].map { String(cString: $0) } }
      .map { String($0.dropFirst(lead.count)) }.filter { !exists($0, in: folder).isFolder }
  }
}
