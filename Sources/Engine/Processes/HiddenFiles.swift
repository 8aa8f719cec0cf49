import Basics
import Foundation
import Glibc

/// The files and folders below some folders whose names begin with a dot. Programs keep passwords and keys in them.
enum HiddenFiles {
  /// - Parameters:
  ///   - folders: Folders, searched level by level; links in them aren't followed. Of a folder with a hidden name,
  ///     only the folder itself is returned.
  ///   - greatest: The number of names that are looked at.
  /// - Returns: The hidden files and folders, and the folders that weren't reached.
  static func below(_ folders: [URL], greatest: Int = Budgets.searchedFiles) -> [URL] {
    var hidden: [URL] = []
    var count = 0
    var next = folders[...]
    while let folder = next.popFirst() {
      if count >= greatest {
        hidden.append(folder)
        continue
      }
      for name in (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [] {
        count += 1
        let file = folder.appendingPathComponent(name)
        if name.hasPrefix(".") {
          hidden.append(file)
        } else if isFolder(file.path) {
          next.append(file)
        }
      }
    }
    return hidden
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
