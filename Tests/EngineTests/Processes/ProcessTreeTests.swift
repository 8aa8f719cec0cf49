import Foundation
import Glibc
import Testing

@testable import Engine

@Suite struct ProcessTreeTests {
  private func isOwn(_ process: pid_t) -> Bool { ProcessTree.own.withLock { $0.processes.contains(process) } }

  @Test func aProcessIsTheRunnersOwnFromStartToFinish() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sleep")
    process.arguments = ["1000"]
    try ProcessTree.start(process)
    let id = process.processIdentifier
    #expect(isOwn(id))
    _ = ProcessTree.endOrphans()
    #expect(process.isRunning)
    // A child inherits ignored signals, and another test may ignore SIGTERM.
    kill(id, SIGKILL)
    ProcessTree.finish(process)
    #expect(!isOwn(id))
  }

  @Test func aSpawnedProcessIsTheRunnersOwnFromStartToFinish() throws {
    let id = try ProcessTree.start {
      var process = pid_t()
      let texts = ["/bin/sleep", "1000"]
      var words: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) } + [nil]
      defer { for word in words { free(word) } }
      try #require(posix_spawn(&process, "/bin/sleep", nil, nil, &words, nil) == 0)
      return process
    }
    #expect(isOwn(id))
    kill(id, SIGKILL)
    ProcessTree.finish(id)
    #expect(!isOwn(id))
  }

  @Test func aProcessThatDoesNotStartIsNotKept() {
    let before = ProcessTree.own.withLock { $0.processes.contains(0) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/no/such/program")
    #expect(throws: (any Error).self) { try ProcessTree.start(process) }
    #expect(!before && !isOwn(0))
  }
}
