import Foundation
import Glibc

/// How runners keep out of each other's way in a store.
package enum StoreLocking: String, Sendable {
  /// By locks of the kernel (`flock`), which go with the process that holds them.
  case kernel
  /// By files with a heartbeat. For file systems that several machines share, where a lock may hold on one of them
  /// only, or be refused.
  case lease

  /// Names one of the two for file systems that aren't known for what they are.
  package static let variable = "LABBOOK_LOCKS"

  /// Magic numbers of statfs(2) of file systems that several machines share: NFS, SMB, CIFS, Lustre, GPFS, BeeGFS, Ceph,
  /// AFS, OrangeFS, 9P; and FUSE, which may be any of them.
  private static let shared: Set<UInt32> = [
    0x6969, 0x517B, 0xFF53_4D42, 0xFE53_4D42, 0x0BD0_0BD0, 0x4750_4653, 0x1983_0326, 0x00C3_6400, 0x5346_414F,
    0x2003_0528, 0x0102_1997, 0x6573_5546,
  ]

  /// What a folder's file system needs.
  package static func needed(
    in folder: URL, environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> StoreLocking {
    if let named = environment[variable].flatMap(StoreLocking.init) { return named }
    var status = statfs()
    guard statfs(folder.path, &status) == 0 else { return .kernel }
    return isShared(UInt32(truncatingIfNeeded: status.f_type)) ? .lease : .kernel
  }

  static func isShared(_ type: UInt32) -> Bool { shared.contains(type) }
}
