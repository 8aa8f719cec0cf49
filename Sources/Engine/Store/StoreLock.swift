import Foundation
import Glibc
import Wire

/// An advisory lock in the store, which one runner at a time can hold. It ends with the process that holds it.
package struct StoreLock: Sendable {
  private let descriptor: Int32

  /// Waits for the lock `name`.
  /// - Throws: `CancellationError` when the task is cancelled while it waits, `POSIXFailure` when the file can't be
  ///   locked.
  package static func acquire(_ name: String, in store: Store) async throws -> StoreLock {
    try await acquire(at: store.folder.appendingPathComponent("locks/\(name)").path)
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
    let start = ContinuousClock.now
    var isTold = false
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      if !isTold, ContinuousClock.now - start > .seconds(5) {
        isTold = true
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().deletingLastPathComponent().path
        StandardStreams.printError("waiting for another run, which works on the same cell in \(folder)\n")
      }
      guard errno == EWOULDBLOCK || errno == EINTR else {
        defer { close(descriptor) }
        throw POSIXFailure(action: "lock", path: path)
      }
      do {
        try await Task.sleep(for: .milliseconds(20))
      } catch {
        close(descriptor)
        throw error
      }
    }
    return StoreLock(descriptor: descriptor)
  }

  package func release() {
    close(descriptor)
  }
}
