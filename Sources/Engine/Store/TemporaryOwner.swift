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
  /// The lease by which cells know that this runner lives.
  let lease: RunnerLease

  /// - Parameter isStoreTemporary: Whether the store itself is removed together with this value.
  package init(_ store: URL, isStoreTemporary: Bool) {
    self.store = store
    self.isStoreTemporary = isStoreTemporary
    folder = store.appendingPathComponent("temporary/runner-\(getpid())-\(UInt32.random(in: 0 ... .max))")
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    lease = RunnerLease(file: folder.appendingPathComponent("lease"))
    descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor >= 0 { flock(descriptor, LOCK_EX | LOCK_NB) }
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
      if flock(other, LOCK_EX | LOCK_NB) == 0 {
        try? FileManager.default.removeItem(at: url)
      } else {
        isShared = true
      }
    }
    return isShared
  }
}
