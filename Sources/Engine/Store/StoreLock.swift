import Foundation
import Glibc
import Wire

/// An advisory lock in the store, which one runner at a time can hold. It ends with the process that holds it: at
/// once if it is a kernel lock, and after a minute without a heartbeat if several machines share the store.
package struct StoreLock: Sendable {
  private enum Hold: Sendable {
    case descriptor(Int32)
    case lease(LeaseLock)
  }

  private let hold: Hold

  /// Waits for the lock `name`.
  /// - Throws: `CancellationError` when the task is cancelled while it waits, `POSIXFailure` when the file can't be
  ///   locked.
  package static func acquire(_ name: String, in store: Store) async throws -> StoreLock {
    let path = store.folder.appendingPathComponent("locks/\(name)").path
    switch store.locking {
    case .kernel: return try await acquire(at: path)
    case .lease: return StoreLock(hold: .lease(try await lease("\(path).lease", folder: store.folder.path)))
    }
  }

  /// Waits until the lock on the file `path` is acquired. The file is made.
  static func acquire(at path: String) async throws -> StoreLock {
    var descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    if descriptor < 0, errno == ENOENT {
      // A cell may have removed the folder.
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
      try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    }
    guard descriptor >= 0 else { throw POSIXFailure(action: "lock", path: path) }
    var waiting = Waiting(
      folder: URL(fileURLWithPath: path).deletingLastPathComponent().deletingLastPathComponent().path)
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR else {
        defer { close(descriptor) }
        throw POSIXFailure(action: "lock", path: path)
      }
      do {
        try await waiting.wait(.milliseconds(20))
      } catch {
        close(descriptor)
        throw error
      }
    }
    return StoreLock(hold: .descriptor(descriptor))
  }

  /// Waits until the lease at `path` is acquired.
  static func lease(
    _ path: String, times: LeaseLock.Times = LeaseLock.Times(), folder: String
  ) async throws -> LeaseLock {
    var waiting = Waiting(folder: folder)
    var seen: LeaseLock.Content?
    var since = ContinuousClock.now
    while true {
      if let lock = try LeaseLock.take(path, times: times) { return lock }
      // Times are taken on this machine only, because the clocks of two machines can't be compared.
      let content = LeaseLock.Content(reading: path)
      if content != seen {
        seen = content
        since = .now
      }
      if let content, content.isKnownDead || ContinuousClock.now - since > .seconds(clamping: times.patience) {
        LeaseLock.breakStale(path, seen: content)
        continue
      }
      try await waiting.wait(.milliseconds(200))
    }
  }

  package func release() {
    switch hold {
    case .descriptor(let descriptor): close(descriptor)
    case .lease(let lock): lock.release()
    }
  }

  /// Prints once that the runner waits.
  private struct Waiting {
    let folder: String
    private let start = ContinuousClock.now
    private var isTold = false

    init(folder: String) { self.folder = folder }

    mutating func wait(_ time: Duration) async throws {
      if !isTold, ContinuousClock.now - start > .seconds(5) {
        isTold = true
        StandardStreams.printError("waiting for another run, which works on the same cell in \(folder)\n")
      }
      try await Task.sleep(for: time)
    }
  }
}
