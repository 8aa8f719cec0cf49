import Foundation
import Glibc
import Synchronization
import Wire

/// The runner's side of the lease that its cells watch: a locked file, which also gets a heartbeat once a cell asks
/// for one.
///
/// The lease lasts as long as this value and as the runner's process, however either ends.
final class RunnerLease: Sendable {
  private let path: String
  private let descriptor: Int32
  private let beats = Mutex<(any DispatchSourceTimer)?>(nil)

  /// The time between two heartbeats, in seconds.
  private let interval: Double

  init(file: URL, interval: Double = 1) {
    path = file.path
    self.interval = interval
    descriptor = open(file.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    if descriptor >= 0 { flock(descriptor, LOCK_EX | LOCK_NB) }
  }

  deinit {
    beats.withLock { $0?.cancel() }
    if descriptor >= 0 { close(descriptor) }
  }

  /// The lease in the form that a cell watches.
  func lease(_ kind: CellLease.Kind, patience: Double = 60) -> CellLease {
    if kind == .heartbeat { beginBeating() }
    return CellLease(kind: kind, path: path, patience: patience)
  }

  private func beginBeating() {
    beats.withLock { timer in
      guard timer == nil, descriptor >= 0 else { return }
      let source = DispatchSource.makeTimerSource(queue: .global())
      let descriptor = descriptor
      // The first number differs from those of an earlier runner.
      let beat = Mutex(UInt32.random(in: 0 ... .max / 2))
      source.setEventHandler {
        let number = beat.withLock { value in
          value += 1
          return value
        }
        let text = Array("\(number)\n".utf8)
        _ = text.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
        // Other machines see the heartbeat only after it is written to the file system.
        fsync(descriptor)
      }
      source.schedule(deadline: .now(), repeating: interval)
      source.resume()
      timer = source
    }
  }
}
