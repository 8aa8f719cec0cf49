import Foundation

/// How runners keep out of each other's way in a store.
package enum StoreLocking: String, Sendable {
  /// By locks of the kernel (`flock`), which end with the process that holds them.
  case kernel
  /// By files with a heartbeat. For file systems that several machines share, where a lock may hold on one machine only,
  /// or be refused.
  case lease

  /// The environment variable that names one of the two, for a file system that Labbook doesn't know.
  package static let variable = "LABBOOK_LOCKS"

  /// The kernel's names of file systems that several machines share; FUSE may be any of them.
  private static let shared: Set<String> = [
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "lustre", "gpfs", "beegfs", "ceph", "afs", "orangefs", "pvfs2", "9p", "gfs2",
    "ocfs2", "glusterfs", "panfs", "weka",
  ]

  /// The kind of locks that a folder's file system needs.
  package static func needed(
    in folder: URL, environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> StoreLocking {
    if let named = environment[variable].flatMap(StoreLocking.init) { return named }
    let mounts = FileManager.default.contents(atPath: "/proc/self/mountinfo") ?? Data()
    let path = folder.resolvingSymlinksInPath().path
    return isShared(fileSystem(of: path, mounts: String(decoding: mounts, as: UTF8.self)) ?? "") ? .lease : .kernel
  }

  static func isShared(_ type: String) -> Bool { shared.contains(type) || type.hasPrefix("fuse") }

  /// The type of the file system that holds a path, by the lines of `/proc/self/mountinfo` (proc(5)): of the mount points
  /// above the path, the longest counts, and of equal ones the last.
  static func fileSystem(of path: String, mounts: String) -> String? {
    var best: (length: Int, type: String)?
    for line in mounts.split(separator: "\n") {
      let halves = line.components(separatedBy: " - ")
      let fields = halves[0].split(separator: " ")
      guard halves.count == 2, fields.count >= 5, let type = halves[1].split(separator: " ").first else { continue }
      // Spaces and backslashes are written in octal digits.
      let point = fields[4].replacingOccurrences(of: "\\040", with: " ").replacingOccurrences(of: "\\134", with: "\\")
      let isAbove = point == "/" || path == point || path.hasPrefix(point + "/")
      if isAbove, point.utf8.count >= best?.length ?? 0 { best = (point.utf8.count, String(type)) }
    }
    return best?.type
  }
}
