import Foundation

/// The names of the files in a folder and its subfolders that have certain extensions. What a program reads from a
/// folder depends on these names, as it depends on the content of a file.
///
/// A listing has the form of a path, `models/**.onnx` or `images/**.{png,jpg}`, so that it can be kept among the files
/// that a cell reads. Its content is the names.
package struct FolderListing: Hashable, Sendable {
  package let folder: String
  /// The files' extensions in lower case, without the dot.
  package let extensions: [String]

  package init(_ folder: String, extensions: [String]) {
    self.folder = folder
    self.extensions = extensions
  }

  /// - Parameter path: A text of the form of `path`; the result is nil for any other text.
  package init?(path: String) {
    // A regular expression takes longer, and almost all paths are those of files.
    guard path.contains("/**."), let match = path.wholeMatch(of: /(.*)\/\*\*\.(?:([a-z0-9]+)|\{([a-z0-9,]+)\})/),
      let extensions = match.output.2 ?? match.output.3
    else { return nil }
    folder = match.output.1.isEmpty ? "/" : String(match.output.1)
    self.extensions = extensions.split(separator: ",").map(String.init)
  }

  package var path: String {
    let trimmed = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    return "\(trimmed)/**." + (extensions.count == 1 ? extensions[0] : "{\(extensions.joined(separator: ","))}")
  }

  /// The names, relative to the folder and in alphabetical order; nil if the folder doesn't exist or has more files
  /// than `Budgets.listedFiles`.
  package var names: [String]? {
    FolderFiles(folder)?.names.filter { name in
      extensions.contains { name.lowercased().hasSuffix(".\($0)") }
    }
  }

  /// What the digest is computed from.
  package var content: Data? { names.map(content(of:)) }

  package func content(of names: [String]) -> Data { Data(names.joined(separator: "\n").utf8) }

  /// The paths whose `stat` changes whenever the names change: the folder and its subfolders.
  package var folders: [String] { FolderFiles(folder)?.folders ?? [folder] }
}
