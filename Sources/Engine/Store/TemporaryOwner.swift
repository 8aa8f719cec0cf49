import Foundation
import Glibc

/// The temporary folders of one opened store. They are removed together with this value. Folders of a runner that was
/// killed are removed by the next runner.
package final class TemporaryOwner: Sendable {
  private let store: URL
  private let folder: URL
  /// The folder's descriptor, locked as long as the runner lives.
  private let descriptor: Int32
  private let isStoreTemporary: Bool
  private let locking: StoreLocking
  /// The lease by which cells know that this runner lives.
  let lease: RunnerLease

  /// - Parameter isStoreTemporary: Whether the store itself is removed together with this value.
  package init(_ store: URL, isStoreTemporary: Bool, locking: StoreLocking) {
    self.store = store
    self.isStoreTemporary = isStoreTemporary
    self.locking = locking
    let parent = store.appendingPathComponent("temporary")
    let name = "\(getpid())-\(UInt32.random(in: 0 ... .max))"
    folder = parent.appendingPathComponent("runner-\(name)")
    // Another runner removes a folder with this prefix if nobody holds its lock, so the folder gets the name when it is
    // locked.
    let unlocked = parent.appendingPathComponent("new-\(name)")
    try? FileManager.default.createDirectory(at: unlocked, withIntermediateDirectories: true)
    descriptor = open(unlocked.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor >= 0 { flock(descriptor, LOCK_EX | LOCK_NB) }
    rename(unlocked.path, folder.path)
    lease = RunnerLease(file: folder.appendingPathComponent(Self.leaseName), interval: locking == .lease ? 5 : 1)
    if locking == .lease {
      // Other machines don't see the lock, but they see a heartbeat.
      try? Data(LeaseLock.host.utf8).write(to: folder.appendingPathComponent(Self.hostName))
      _ = lease.lease(.heartbeat)
    }
  }

  deinit {
    try? FileManager.default.removeItem(at: isStoreTemporary ? store : folder)
    if descriptor >= 0 { close(descriptor) }
  }

  package func newFolder(_ purpose: String) throws -> URL {
    let url = folder.appendingPathComponent("\(purpose)-\(UInt32.random(in: 0 ... .max))")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    return url
  }

  /// Removes folders whose runner no longer holds their lock.
  /// - Returns: Whether there are folders of other runners that are at work.
  @discardableResult
  package func removeAbandoned() -> Bool {
    let parent = store.appendingPathComponent("temporary")
    var isShared = false
    for name in (try? FileManager.default.contentsOfDirectory(atPath: parent.path)) ?? [] {
      let url = parent.appendingPathComponent(name)
      guard name != folder.lastPathComponent, name.hasPrefix("runner-") else { continue }
      let other = open(url.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      guard other >= 0 else { continue }
      defer { close(other) }
      if flock(other, LOCK_EX | LOCK_NB) == 0, locking == .kernel || isSilent(url) {
        try? FileManager.default.removeItem(at: url)
      } else {
        isShared = true
      }
    }
    return isShared
  }

  private static let leaseName = "lease"
  private static let hostName = "host"
  /// The seconds without a heartbeat after which a runner on another machine counts as dead.
  private static let silence = 600.0

  /// Whether the runner of a folder has ended, on a file system whose locks don't show holders on other machines.
  private func isSilent(_ other: URL) -> Bool {
    let host = FileManager.default.contents(atPath: other.appendingPathComponent(Self.hostName).path)
    // Locks of processes on this machine are visible.
    if host == Data(LeaseLock.host.utf8) { return true }
    // Both times come from the file server, because the clocks of two machines can't be compared.
    let probe = folder.appendingPathComponent("probe")
    try? Data("\(UInt64.random(in: 0 ... .max))".utf8).write(to: probe)
    func time(_ file: URL) -> Double? {
      var status = stat()
      return stat(file.path, &status) == 0 ? Double(status.st_mtim.tv_sec) : nil
    }
    guard let now = time(probe), let last = time(other.appendingPathComponent(Self.leaseName)) ?? time(other) else {
      return false
    }
    return now - last > Self.silence
  }
}
