import Foundation

/// Names in a folder. What a program reads from a folder depends on these names, as it depends on the content of a
/// file.
///
/// A listing has the form of a path, so that it can be kept among the files that a cell reads: `models/**.onnx` or
/// `images/**.{png,jpg}` for files in the folder and its subfolders, `images/*` for the subfolders themselves. Its
/// content is the names.
package struct FolderListing: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// Files with these extensions, in lower case and without the dot.
    case files(extensions: [String])
    /// The folder's direct subfolders.
    case subfolders
  }

  package let folder: String
  package let kind: Kind

  /// - Returns: Nil if the folder's path is empty, or an extension has characters with a meaning in `path`.
  package init?(_ folder: String, _ kind: Kind) {
    guard !folder.isEmpty else { return nil }
    if case .files(let extensions) = kind {
      let isPlain = extensions.allSatisfy {
        $0 == $0.lowercased() && !$0.isEmpty && !$0.contains { "/{},*".contains($0) }
      }
      guard isPlain, !extensions.isEmpty else { return nil }
    }
    self.folder = folder
    self.kind = kind
  }

  /// - Parameter path: A text of the form of `path`; the result is nil for any other text.
  package init?(path: String) {
    func folder(before end: String.Index) -> String { end == path.startIndex ? "/" : String(path[..<end]) }
    if path.hasSuffix("/*") {
      self.init(folder(before: path.index(path.endIndex, offsetBy: -2)), .subfolders)
    } else if let mark = path.range(of: "/**.", options: .backwards) {
      let ending = path[mark.upperBound...]
      let isList = ending.hasPrefix("{") && ending.hasSuffix("}")
      let extensions = isList ? ending.dropFirst().dropLast().split(separator: ",").map(String.init) : [String(ending)]
      self.init(folder(before: mark.lowerBound), .files(extensions: extensions))
    } else {
      return nil
    }
  }

  package var path: String {
    let trimmed = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    switch kind {
    case .files(let extensions):
      return "\(trimmed)/**." + (extensions.count == 1 ? extensions[0] : "{\(extensions.joined(separator: ","))}")
    case .subfolders: return "\(trimmed)/*"
    }
  }

  /// The result of a search in the folder.
  package struct Found {
    /// The names, relative to the folder and in alphabetical order, without hidden ones; nil if the folder can't be
    /// read or has more files than `Budgets.listedFiles`. Links to folders are subfolders, but what is in them isn't
    /// listed.
    package let names: [String]?
    /// The paths whose `stat` changes whenever the names change: the folder and its subfolders.
    package let folders: [String]

    /// What the digest is computed from; nil without names.
    package var content: Data? { names.map { Data($0.joined(separator: "\n").utf8) } }
  }

  /// Searches the folder.
  package func find() -> Found {
    guard let files = FolderFiles(folder, followsLinks: false, isDeep: kind != .subfolders) else {
      return Found(names: nil, folders: [folder])
    }
    switch kind {
    case .files(let extensions):
      let names = files.names.filter { name in extensions.contains { name.lowercased().hasSuffix(".\($0)") } }
      return Found(names: names, folders: files.folders)
    case .subfolders: return Found(names: files.subfolders, folders: files.folders)
    }
  }
}
