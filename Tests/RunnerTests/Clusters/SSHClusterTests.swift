import Foundation
import Glibc
import TestSupport
import Testing

@testable import Engine

/// Cells as jobs on hosts that are reached by a real SSH connection.
@Suite(
  .enabled(if: ClusterNotebook.areTestsAskedFor, "LABBOOK_CLUSTER_TESTS=1 runs them."),
  .enabled(if: SSHServer.isInstalled, "There is no sshd: apt install openssh-server."), .serialized)
struct SSHClusterTests {
  private static func cluster(_ server: SSHServer, slots: Int = 2) -> Cluster {
    var cluster = Cluster(
      name: "lab", kind: .ssh([ClusterHost(host: "127.0.0.1", slots: slots, options: server.options())]))
    cluster.interval = 0.5
    cluster.lag = 3
    return cluster
  }

  @Test func cellsAndPointsRunThereToTheSameBits() async throws {
    let server = try SSHServer()
    let notebook = try TemporaryNotebook(ClusterNotebook.source(points: 4))
    let there = try await notebook.run(
      .init(jobs: 2, executor: ClusterExecutor(Self.cluster(server))))
    #expect(ClusterNotebook.failures(there) == [])
    #expect(there.texts == ["4.146"])
    // Every point ran once in its own process.
    let notes = try notebook.text("log.txt").split(separator: "\n").map(String.init).sorted()
    #expect(notes == (0..<4).flatMap { ["begin \($0)", "end \($0)"] }.sorted())
    let jobs = notebook.folder.appendingPathComponent(".labbook/jobs").path
    #expect(try FileManager.default.contentsOfDirectory(atPath: jobs) == [])

    let other = try TemporaryNotebook(ClusterNotebook.source(points: 4))
    #expect(ClusterNotebook.values(there) == ClusterNotebook.values(try await other.run()))
  }

  @Test func whatFailsThereIsToldAsHere() async throws {
    let server = try SSHServer()
    let notebook = try TemporaryNotebook(
      """
      ```swift {#trap}
      let list = [1, 2]
      print("before")
      print(list[list.count])
      ```

      ```swift {#slow timeout=2s}
      while true { usleep(1000) }
      ```

      ```swift {#points}
      struct Bad: Error {}
      let values = try sweep(over: [1, 2, 3]) { point -> Int in
        if point == 2 { throw Bad() }
        return point
      }
      ```
      """.replacingOccurrences(of: "#slow timeout=2s}\n", with: "#slow timeout=2s}\nimport Foundation\n"))
    let outcome = try await notebook.run(
      .init(keepGoing: true, jobs: 3, executor: ClusterExecutor(Self.cluster(server, slots: 4))))
    #expect(outcome.failure("trap")?.message.hasPrefix("the cell was ended by a trap (signal 4)") ?? false)
    #expect(outcome.failure("trap")?.place?.line == 4)
    #expect(outcome.failure("slow")?.message == "the cell ran longer than its timeout of 2 s")
    #expect(
      outcome.failure("points")?.message
        == "1 of the sweep's 3 points failed; the results of the others are kept\npoint 2, 2: Bad()")
  }

  @Test func anInterruptedRunLeavesNothingThere() async throws {
    let server = try SSHServer()
    let notebook = try TemporaryNotebook(
      "```swift {#wait}\nimport Foundation\nFileManager.default.createFile(atPath: \"begun\", contents: "
        + "nil)\nsleep(300)\n```\n"
    )
    let work = try ClusterRun(notebook, on: ClusterExecutor(Self.cluster(server)))
    try await work.wait(for: "begun")
    work.cancel()
    let outcome = try await work.outcome
    #expect(outcome.isInterrupted)
    #expect(outcome.failure("wait")?.message == "the cell was interrupted")
    let left = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    let processes = left.filter { name in
      let line = FileManager.default.contents(atPath: "/proc/\(name)/cmdline") ?? Data()
      return String(decoding: line, as: UTF8.self).contains(notebook.folder.lastPathComponent)
    }
    #expect(processes == [])
  }

  @Test func aHostThatCannotBeReachedIsWaitedFor() async throws {
    let server = try SSHServer()
    var cluster = Self.cluster(server)
    cluster.kind = .ssh([
      ClusterHost(host: "127.0.0.1", slots: 1, options: ["-F", "none", "-p", "1", "-o", "LogLevel=ERROR"]),
      ClusterHost(host: "localhost", slots: 1, options: server.options() + ["-o", "StrictHostKeyChecking=no"]),
    ])
    let notebook = try TemporaryNotebook("```swift {#a}\nlet a = 1\n```\n")
    let outcome = try await notebook.run(.init(executor: ClusterExecutor(cluster)))
    #expect(outcome.cells["a"]?.state == .ran)
  }
}
