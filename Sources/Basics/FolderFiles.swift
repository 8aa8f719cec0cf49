import Foundation
import Glibc

/// The files in a folder and its subfolders, without hidden ones, which editors and file managers create.
package struct FolderFiles: Sendable {
  /// The files' paths, relative to the folder and in alphabetical order.
  package private(set) var names: [String] = []
  /// The paths of the folder and its subfolders.
  package private(set) var folders: [String] = []

  /// - Returns: Nil if the folder doesn't exist or has more files than `Budgets.listedFiles`.
  package init?(_ folder: String) {
    guard Self.isFolder(folder) else { return nil }
    let lead = folder.hasSuffix("/") ? folder : folder + "/"
    // Links to folders are followed, but no folder is entered twice: a link may lead to a folder that it is in. Links
    // come last, so that a file has its path without links if there is one.
    var visited: Set<String> = []
    var (waiting, links) = ([""], [String]())
    while let next = waiting.popLast() ?? links.popLast() {
      let path = lead + next
      guard visited.insert(Self.identity(path)).inserted else { continue }
      folders.append(path)
      for inner in ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
      where !inner.hasPrefix(".") {
        let name = next + inner
        if !Self.isFolder(lead + name) {
          names.append(name)
          if names.count > Budgets.listedFiles { return nil }
        } else if Self.isLink(lead + name) {
          links.append(name + "/")
        } else {
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
