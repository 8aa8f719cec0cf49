import Foundation
import Glibc

/// The folders of the user who runs Labbook. Relative paths in environment variables are ignored, because they would
/// lead into the notebook's folder.
package enum UserFolder {
  /// The folder `~/.cache/labbook`. Its content can always be made again.
  package static var cache: URL? { folder(variable: "XDG_CACHE_HOME", inHome: ".cache") }

  /// The folder `~/.config/labbook` with the user's key and the keys that the user trusts.
  package static var configuration: URL? { folder(variable: "XDG_CONFIG_HOME", inHome: ".config") }

  private static func folder(variable: String, inHome name: String) -> URL? {
    let environment = ProcessInfo.processInfo.environment
    if let path = environment[variable], path.hasPrefix("/") {
      return URL(fileURLWithPath: path, isDirectory: true).appendingPathComponent("labbook", isDirectory: true)
    }
    let home = environment["HOME"] ?? getpwuid(geteuid()).flatMap { $0.pointee.pw_dir.map { String(cString: $0) } }
    guard let home, home.hasPrefix("/") else { return nil }
    return URL(fileURLWithPath: home, isDirectory: true).appendingPathComponent("\(name)/labbook", isDirectory: true)
  }

  /// Whether the file or folder is owned by this user and writable by nobody else.
  package static func isOwn(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_uid == geteuid() && status.st_mode & 0o022 == 0
  }
}
