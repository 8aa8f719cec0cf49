import Foundation

/// The kinds of locks by which runners exclude each other in a store.
package enum StoreLocking: String, Sendable {
  /// Locks of the kernel (`flock`), which end with the process that holds them.
  case kernel
  /// Lease files with a heartbeat, for file systems that several machines share. There, a kernel lock may apply to
  /// one machine only or be refused.
  case lease

  /// The environment variable that selects one of the two, for a file system that Labbook doesn't know.
  package static let variable = "LABBOOK_LOCKS"

  /// The kernel's names of file systems that several machines share. A FUSE file system may be one of them.
  private static let shared: Set<String> = [
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "lustre", "gpfs", "beegfs", "ceph", "afs", "orangefs", "pvfs2", "9p",
    "gfs2",
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

  /// The type of the file system of a path, from the lines of `/proc/self/mountinfo` (proc(5)). Of the mount points
  /// above the path, the longest one counts, and of equal ones the last.
  static func fileSystem(of path: String, mounts: String) -> String? {
    var best: (length: Int, type: String)?
    for line in mounts.split(separator: "\n") {
      let halves = line.components(separatedBy: " - ")
      let fields = halves[0].split(separator: " ")
      guard halves.count == 2, fields.count >= 5, let type = halves[1].split(separator: " ").first else { continue }
      // Spaces and backslashes are escaped as octal digits.
      let point = fields[4].replacingOccurrences(of: "\\040", with: " ").replacingOccurrences(of: "\\134", with: "\\")
      let isAbove = point == "/" || path == point || path.hasPrefix(point + "/")
      if isAbove, point.utf8.count >= best?.length ?? 0 { best = (point.utf8.count, String(type)) }
    }
    return best?.type
  }
}
