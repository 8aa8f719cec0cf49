import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Engine

@Suite(.waiting) struct LeaseLockTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder("locks")
  }

  private var path: String { folder.url.appendingPathComponent("a.lease").path }

  private static let quick = LeaseLock.Times(interval: 0.05, patience: 0.5)

  @Test func oneHoldsItAtATime() throws {
    let first = try #require(try LeaseLock.take(path))
    #expect(try LeaseLock.take(path) == nil)
    first.release()
    let second = try #require(try LeaseLock.take(path))
    // Releasing a lock that was lost before doesn't remove the new holder's file.
    first.release()
    #expect(try LeaseLock.take(path) == nil)
    second.release()
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == [])
  }

  /// How many are inside, and the most that ever were.
  private final class Count: Sendable {
    private let state = Mutex((now: 0, most: 0))

    func enter() {
      state.withLock { state in
        state.now += 1
        state.most = max(state.most, state.now)
      }
    }

    func leave() { state.withLock { $0.now -= 1 } }

    var most: Int { state.withLock { $0.most } }
  }

  @Test func manyTakeTurns() async throws {
    let count = Count()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<6 {
        group.addTask { [path, folder] in
          let lock = try await StoreLock.lease(path, folder: folder.url.path)
          count.enter()
          try await Task.sleep(for: .milliseconds(10))
          count.leave()
          lock.release()
        }
      }
      try await group.waitForAll()
    }
    #expect(count.most == 1)
  }

  @Test func aHolderWithoutAHeartbeatLosesIt() async throws {
    let content = LeaseLock.Content(host: "elsewhere", process: 1, nonce: "ab", beat: 7)
    try content.text.write(toFile: path, atomically: true, encoding: .utf8)
    #expect(try LeaseLock.take(path) == nil)
    let lock = try await StoreLock.lease(path, times: Self.quick, folder: folder.url.path)
    #expect(LeaseLock.Content(reading: path)?.host == LeaseLock.host)
    lock.release()
  }

  @Test func aHolderWithAHeartbeatKeepsIt() async throws {
    let held = try #require(try LeaseLock.take(path, times: Self.quick))
    let other = Task { [path, folder] in
      try await StoreLock.lease(path, times: Self.quick, folder: folder.url.path)
    }
    let first = LeaseLock.Content(reading: path)
    try await Task.sleep(for: .seconds(1.5))
    let later = LeaseLock.Content(reading: path)
    #expect(first?.nonce == later?.nonce)
    #expect(first?.beat != later?.beat)
    held.release()
    try await other.value.release()
  }

  @Test func aDeadProcessOfThisMachineLosesItAtOnce() async throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/true")
    try process.run()
    process.waitUntilExit()
    let content = LeaseLock.Content(
      host: LeaseLock.host, process: process.processIdentifier, nonce: "ab", beat: 7)
    try content.text.write(toFile: path, atomically: true, encoding: .utf8)
    #expect(content.isKnownDead)
    try await StoreLock.lease(path, folder: folder.url.path).release()
  }

  @Test func aHolderThatCameMeanwhileIsLeftAlone() throws {
    let gone = LeaseLock.Content(host: "elsewhere", process: 1, nonce: "ab", beat: 7)
    let lock = try #require(try LeaseLock.take(path))
    LeaseLock.breakStale(path, seen: gone)
    #expect(LeaseLock.Content(reading: path)?.host == LeaseLock.host)
    lock.release()
  }

  @Test(arguments: [
    ("/home/li/notebooks", "nfs4"), ("/home/li/local disk/a", "ext4"), ("/homes", "overlay"), ("/", "overlay"),
    ("/scratch", "lustre"),
  ])
  func theLongestMountPointAboveAPathCounts(path: String, type: String) {
    let mounts = """
      1 0 0:1 / / rw,relatime - overlay overlay rw
      2 1 0:2 / /home rw,relatime shared:1 - ext4 /dev/sda1 rw
      3 1 0:3 / /home rw,relatime shared:2 - nfs4 server:/home rw
      4 3 0:4 / /home/li/local\\040disk rw - ext4 /dev/sdb1 rw
      5 1 0:5 / /scratch rw - lustre 10.0.0.1@tcp:/scratch rw
      broken
      """
    #expect(StoreLocking.fileSystem(of: path, mounts: mounts) == type)
  }

  @Test(arguments: [("nfs", true), ("lustre", true), ("fuse.sshfs", true), ("ext4", false), ("tmpfs", false)])
  func sharedFileSystemsAreKnown(type: String, isShared: Bool) {
    #expect(StoreLocking.isShared(type) == isShared)
  }

  @Test func theUserMayNameTheLocks() {
    #expect(StoreLocking.needed(in: folder.url, environment: [:]) == .kernel)
    #expect(StoreLocking.needed(in: folder.url, environment: [StoreLocking.variable: "lease"]) == .lease)
  }
}
