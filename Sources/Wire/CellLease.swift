import Foundation
import Glibc

/// The file by which a cell's process knows that its runner still wants its result.
///
/// A parent's process id says nothing where a batch queue or a sandbox stands between the runner and the cell, and
/// process ids of another machine or another pid namespace mean nothing at all. A file in the store is seen from
/// everywhere.
package struct CellLease: Codable, Hashable, Sendable {
  package enum Kind: String, Codable, Sendable {
    /// The runner holds an advisory lock (`flock`) on the file, which the kernel releases however the runner ends.
    /// Works for all processes of one machine, in pid and mount namespaces too, and is noticed within a tenth of a
    /// second.
    case lock
    /// The runner writes a new number into the file every second. For other machines on a shared file system, where
    /// locks may be local to a machine or not work at all.
    case heartbeat
  }

  package var kind: Kind
  package var path: String
  /// Seconds without a new number after which the runner counts as gone. Unused for a lock.
  package var patience: Double

  /// A shared file system may show an old content for some seconds, and a busy one may stop for longer.
  package init(kind: Kind, path: String, patience: Double = 60) {
    self.kind = kind
    self.path = path
    self.patience = patience
  }
}

/// Watches a lease from the cell's side.
package final class LeaseWatch {
  private let lease: CellLease
  private let descriptor: Int32
  private var beat: Data?
  private var lastBeat: Double

  /// - Parameter now: Seconds of any clock that only moves forward.
  package init(_ lease: CellLease, at now: Double) {
    self.lease = lease
    lastBeat = now
    descriptor = lease.kind == .lock ? open(lease.path, O_RDONLY | O_CLOEXEC) : -1
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Whether the runner still holds the lease.
  package func isHeld(at now: Double) -> Bool {
    switch lease.kind {
    case .lock:
      // Without the file there is no runner. With it, the lock can be had as soon as the runner is gone.
      guard descriptor >= 0 else { return false }
      while flock(descriptor, LOCK_SH | LOCK_NB) != 0 {
        if errno != EINTR { return true }
      }
      return false
    case .heartbeat:
      // Opened anew every time, since network file systems show a new content only to who opens the file.
      if let content = FileManager.default.contents(atPath: lease.path), content != beat {
        beat = content
        lastBeat = now
      }
      return now - lastBeat < lease.patience
    }
  }
}
