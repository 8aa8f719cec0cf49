import Foundation
import Glibc

/// The files in a folder and its subfolders, without hidden ones, which editors and file managers create.
package struct FolderFiles: Sendable {
  /// The files' paths, relative to the folder and in alphabetical order.
  package private(set) var names: [String] = []
  /// The names of the folder's own subfolders, in alphabetical order.
  package private(set) var subfolders: [String] = []
  /// The paths of the folders that were searched.
  package private(set) var folders: [String] = []

  /// - Parameters:
  ///   - followsLinks: Whether the folders are searched to which links lead.
  ///   - isDeep: Whether subfolders are searched.
  /// - Returns: Nil if the folder can't be read, or it has more entries than `Budgets.listedFiles`.
  package init?(_ folder: String, followsLinks: Bool = true, isDeep: Bool = true) {
    let lead = folder.hasSuffix("/") ? folder : folder + "/"
    // No folder is entered twice: a link may lead to a folder that it is in. Links come last, so that a file has its
    // path without links if there is one.
    var visited: Set<String> = []
    var count = 0
    var (waiting, links) = ([""], [String]())
    while let next = waiting.popLast() ?? links.popLast() {
      let path = lead + next
      guard visited.insert(Self.identity(path)).inserted else { continue }
      folders.append(path)
      let found = try? FileManager.default.contentsOfDirectory(atPath: path)
      guard let found = found ?? (next.isEmpty ? nil : []) else { return nil }
      count += found.count + 1
      guard count <= Budgets.listedFiles else { return nil }
      for inner in found.sorted() where !inner.hasPrefix(".") {
        let name = next + inner
        guard Self.isFolder(lead + name) else {
          names.append(name)
          continue
        }
        if next.isEmpty { subfolders.append(inner) }
        if Self.isLink(lead + name) {
          if followsLinks && isDeep { links.append(name + "/") }
        } else if isDeep {
          waiting.append(name + "/")
        }
      }
    }
    names.sort()
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// A text that is the same for all paths of a file or folder.
  private static func identity(_ path: String) -> String {
    var status = stat()
    return stat(path, &status) == 0 ? "\(status.st_dev) \(status.st_ino)" : path
  }

  private static func isLink(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }
}
