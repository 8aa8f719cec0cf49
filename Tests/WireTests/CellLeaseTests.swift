import Foundation
import Glibc
import Testing

@testable import Wire

@Suite struct CellLeaseTests {
  private func withFile(_ body: (URL) throws -> Void) throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("labbook-lease-\(UUID().uuidString)")
    try Data().write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    try body(file)
  }

  @Test func aLockIsHeldUntilItsHolderLetsGo() throws {
    try withFile { file in
      let runner = open(file.path, O_RDWR | O_CLOEXEC)
      #expect(flock(runner, LOCK_EX | LOCK_NB) == 0)
      let watch = LeaseWatch(CellLease(kind: .lock, path: file.path), at: 0)
      #expect(watch.isHeld(at: 0))
      #expect(watch.isHeld(at: 1_000_000))
      close(runner)
      #expect(!watch.isHeld(at: 1_000_000))
    }
  }

  @Test func withoutTheFileThereIsNoRunner() {
    #expect(!LeaseWatch(CellLease(kind: .lock, path: "/nonexistent/lease"), at: 0).isHeld(at: 0))
  }

  @Test func aHeartbeatMayPauseButNotStop() throws {
    try withFile { file in
      let watch = LeaseWatch(CellLease(kind: .heartbeat, path: file.path, patience: 10), at: 0)
      try Data("1".utf8).write(to: file)
      #expect(watch.isHeld(at: 8))
      #expect(watch.isHeld(at: 17))
      try Data("2".utf8).write(to: file)
      #expect(watch.isHeld(at: 19))
      #expect(watch.isHeld(at: 28))
      #expect(!watch.isHeld(at: 29))
    }
  }

  @Test func aFileThatCannotBeReadForAWhileIsNoEnd() throws {
    try withFile { file in
      let watch = LeaseWatch(CellLease(kind: .heartbeat, path: file.path, patience: 10), at: 0)
      try FileManager.default.removeItem(at: file)
      #expect(watch.isHeld(at: 9))
      try Data("1".utf8).write(to: file)
      #expect(watch.isHeld(at: 12))
    }
  }
}
