import Foundation
import Glibc

/// The lease by which a cell's process finds out whether its runner still lives: a file that the runner keeps locked
/// or rewrites.
///
/// The parent's process id would not suffice: a batch queue or a sandbox may be between the runner and the cell, and
/// process ids of another machine or pid namespace are meaningless. A file in the store is visible from everywhere.
package struct CellLease: Codable, Hashable, Sendable {
  package enum Kind: String, Codable, Sendable {
    /// The runner holds an advisory lock (`flock`) on the file, which the kernel releases however the runner ends.
    /// This works for all processes of a machine, including those in pid and mount namespaces, and is noticed within
    /// a tenth of a second.
    case lock
    /// The runner writes a new number to the file every second. This is for other machines on a shared file system,
    /// where locks may be local to a machine or not work at all.
    case heartbeat
  }

  package var kind: Kind
  package var path: String
  /// The seconds without a new number after which the runner counts as gone. It is unused for a lock.
  package var patience: Double

  /// A shared file system may show old content for some seconds, and a busy one may stall for longer.
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

  /// - Parameter now: The seconds of any monotonic clock.
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
      // If the file is missing, the runner is gone. If it exists, the lock can be acquired only when the runner is
      // gone.
      guard descriptor >= 0 else { return false }
      while flock(descriptor, LOCK_SH | LOCK_NB) != 0 {
        if errno != EINTR { return true }
      }
      return false
    case .heartbeat:
      // The file is opened again every time, because network file systems show new content only after opening.
      if let content = FileManager.default.contents(atPath: lease.path), content != beat {
        beat = content
        lastBeat = now
      }
      return now - lastBeat < lease.patience
    }
  }
}
