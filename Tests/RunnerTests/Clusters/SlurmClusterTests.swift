import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Engine

/// Cells as jobs of a real Slurm with two nodes.
@Suite(
  .enabled(if: ClusterNotebook.areTestsAskedFor, "LABBOOK_CLUSTER_TESTS=1 runs them."),
  .enabled(if: SlurmServer.isInstalled, "There is no Slurm: apt install slurm-wlm munge."), .serialized)
struct SlurmClusterTests {
  private static func cluster(_ change: (inout Cluster) -> Void = { _ in }) -> Cluster {
    var cluster = Cluster(name: "slurm", kind: .slurm(SlurmSettings()))
    cluster.interval = 0.5
    cluster.lag = 5
    change(&cluster)
    return cluster
  }

  private static func executor(_ server: SlurmServer, _ change: (inout Cluster) -> Void = { _ in }) -> ClusterExecutor {
    ClusterExecutor(cluster(change), environment: server.environment)
  }

  @Test func aSweepIsAJobArrayToTheSameBits() async throws {
    let server = try SlurmServer()
    let notebook = try TemporaryNotebook(ClusterNotebook.source(points: 4))
    let there = try await notebook.run(.init(jobs: 2, executor: Self.executor(server)))
    #expect(ClusterNotebook.failures(there) == [])
    let notes = try notebook.text("log.txt").split(separator: "\n").map(String.init).sorted()
    #expect(notes == (0..<4).flatMap { ["begin \($0)", "end \($0)"] }.sorted())
    let here = try await TemporaryNotebook(ClusterNotebook.source(points: 4)).run()
    #expect(ClusterNotebook.values(there) == ClusterNotebook.values(here))
    // The printed output is there, too, in the points' order.
    let sweep = try #require(there.cells["sweep"]?.result)
    let outputs = try Store(beside: notebook.folder).outputs(of: sweep)
    let printed = outputs.compactMap { output in if case .printed(let text) = output { text } else { nil } }
    #expect(printed.joined() == "point 0\npoint 1\npoint 2\npoint 3\nall 4\n")
  }

  /// nextflow#1448: a killed runner that doesn't find its running jobs.
  @Test func aKilledRunnerFindsItsJobsAgain() async throws {
    let server = try SlurmServer()
    let notebook = try TemporaryNotebook(
      """
      ---
      executor: test
      ---

      ```swift {#long}
      import Foundation
      let file = fopen("log.txt", "a")
      fputs("begin\\n", file)
      fflush(file)
      FileManager.default.createFile(atPath: "begun", contents: nil)
      while !FileManager.default.fileExists(atPath: "go") { usleep(50_000) }
      fputs("end\\n", file)
      fclose(file)
      let answer = 42
      ```

      It is `{swift} answer`.
      """)
    let configuration = try TemporaryFolder("configuration")
    let folder = configuration.url.appendingPathComponent("labbook")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try "test: {kind: slurm, interval: 0.5s, lag: 5s, time: 10m}"
      .write(to: folder.appendingPathComponent("clusters.yaml"), atomically: true, encoding: .utf8)
    let environment = server.environment.merging(["XDG_CONFIG_HOME": configuration.url.path]) { $1 }
    let runner = try RunnerProcess(notebook, environment)
    try await runner.wait(for: "begun")
    runner.kill()
    try notebook.write("", to: "go")
    let ending = try notebook.start(["run", "n.md"], environment: environment)()
    #expect(ending.code == 0, "\(ending.errors)")
    #expect(try notebook.text("log.txt") == "begin\nend\n")
  }

  /// A training that can't end before the file `go` exists: from epoch 1,000 on it waits for it.
  private static let training = """
    ```swift {#train}
    //| resources: {time: 10m}
    import Foundation
    func held<Result>(_ work: () throws -> Result) rethrows -> Result {
      var context = TrainingContext.current
      let report = context.progress
      context.progress = { progress in
        report?(progress)
        while access("go", F_OK) != 0 {
          usleep(5_000)
          if progress.record.epoch < 1_000 { break }
        }
      }
      return try context.run(work)
    }
    let graphs = try (0..<40).map { index in
      try NetworkGraph(
        id: "g\\(index)",
        nodes: [Node(.input), Node(.convolution, kernel: index % 3 + 1), Node(.relu), Node(.output)],
        edges: [Edge(0, 1), Edge(1, 2), Edge(2, 3)])
    }
    let data = try Dataset(
      name: "made", device: "none", unit: "ms", graphs: graphs, latencies: graphs.indices.map { Double($0 % 3 + 1) })
    let run = try held {
      try train(
        GCN.Configuration(hiddenUnits: 64), on: data, split: data.split(.shuffled()),
        options: TrainingOptions(epochs: 1_200))
    }
    let weights = run.predictor
    ```
    """

  /// The most epochs that a process took over from one before it.
  private final class Resumed: Sendable {
    private let epochs = Mutex(0)

    func note(_ earlier: Int) { epochs.withLock { $0 = max($0, earlier) } }

    var most: Int { epochs.withLock { $0 } }
  }

  /// fairchem#1055 and snakemake-executor-plugin-slurm#109: a pre-empted job continues from its newest checkpoint,
  /// and pre-emption isn't a failure.
  @Test func aPreemptedJobGoesOnFromItsNewestState() async throws {
    let server = try SlurmServer()
    let notebook = try TemporaryNotebook(Self.training)
    let resumed = Resumed()
    let work = try ClusterRun(notebook, on: Self.executor(server)) { event in
      if case .cell(_, .epoch(_, _, _, let earlier)) = event { resumed.note(earlier) }
    }
    let checkpoints = notebook.folder.appendingPathComponent(".labbook/checkpoints")
    func hasCheckpoint() -> Bool {
      let all = FileManager.default.enumerator(at: checkpoints, includingPropertiesForKeys: nil)?.allObjects as? [URL]
      return all?.contains { $0.lastPathComponent.count > 64 && !$0.lastPathComponent.hasPrefix(".") } ?? false
    }
    try await work.wait(until: hasCheckpoint)
    // A more urgent job takes all processors of both nodes.
    let urgent = try server.run(
      "/usr/bin/sbatch", "--partition=high", "--nodes=2", "--exclusive", "--output=/dev/null", "--wrap=sleep 1")
    #expect(urgent.hasPrefix("Submitted"), "\(urgent)")
    let jobs = notebook.folder.appendingPathComponent(".labbook/jobs")
    func hasRestarted() -> Bool {
      let all = FileManager.default.enumerator(at: jobs, includingPropertiesForKeys: nil)?.allObjects as? [URL]
      return all?.count { $0.lastPathComponent.hasPrefix("attempt-") } ?? 0 > 1
    }
    // Without a restart the training would wait for ever; with the file, the test fails below.
    for _ in 0..<2_400 where !hasRestarted() { try await Task.sleep(for: .milliseconds(50)) }
    try notebook.write("", to: "go")
    let outcome = try await work.outcome
    #expect(ClusterNotebook.failures(outcome) == [])
    #expect(resumed.most > 0)
    let other = try TemporaryNotebook(Self.training)
    try other.write("", to: "go")
    let whole = try await other.run()
    func weights(_ outcome: NotebookRun.Outcome) -> String? {
      outcome.cells["train"]?.result?.values.first { $0.name == "weights" }?.sha256
    }
    #expect(weights(outcome) != nil)
    #expect(weights(outcome) == weights(whole))
  }

  @Test func whatFailsSaysSlurmsReasonAndTheEndOfItsLog() async throws {
    let server = try SlurmServer()
    let notebook = try TemporaryNotebook(
      """
      ```swift {#wait}
      import Foundation
      FileManager.default.createFile(atPath: "begun", contents: nil)
      sleep(300)
      ```
      """)
    let work = try ClusterRun(notebook, on: Self.executor(server))
    try await work.wait(for: "begun")
    try server.run("/usr/bin/scancel", "--me")
    let failure = try #require(try await work.outcome.failure("wait"))
    #expect(failure.message.hasPrefix("slurm: the job was cancelled (CANCELLED"))
    #expect(failure.details?.contains("CANCELLED AT") ?? false, "\(failure.details ?? "")")
  }

  @Test func aRefusedJobSaysWhy() async throws {
    let server = try SlurmServer()
    let notebook = try TemporaryNotebook("```swift {#a}\n//| resources: {memory: 100G}\nlet a = 1\n```\n")
    let failure = try #require(
      try await notebook.run(.init(executor: Self.executor(server))).failure("a"))
    #expect(
      failure.message
        == "slurm: sbatch refused the job: sbatch: error: Batch job submission failed: Requested node configuration "
        + "is not available"
    )
  }

  @Test func anInterruptedRunCancelsItsJobs() async throws {
    let server = try SlurmServer()
    let notebook = try TemporaryNotebook(
      "```swift {#wait}\nimport Foundation\nFileManager.default.createFile(atPath: \"begun\", contents: "
        + "nil)\nsleep(300)\n```\n"
    )
    let work = try ClusterRun(notebook, on: Self.executor(server))
    try await work.wait(for: "begun")
    work.cancel()
    #expect(try await work.outcome.failure("wait")?.message == "the cell was interrupted")
    let states = try server.run("/usr/bin/squeue", "--noheader", "--states=all", "--format=%T")
    #expect(Set(states.split(separator: "\n")).isSubset(of: ["CANCELLED", "COMPLETING"]))
  }

  /// As in nextflow and others, the controller is unavailable at times.
  @Test func aControllerThatIsAwayIsWaitedFor() async throws {
    let server = try SlurmServer()
    let notebook = try TemporaryNotebook(
      """
      ```swift {#wait}
      import Foundation
      FileManager.default.createFile(atPath: "begun", contents: nil)
      while !FileManager.default.fileExists(atPath: "go") { usleep(50_000) }
      let a = 1
      ```
      """)
    let work = try ClusterRun(notebook, on: Self.executor(server))
    try await work.wait(for: "begun")
    server.stop("slurmctld", signal: SIGKILL)
    try await Task.sleep(for: .seconds(2))
    try notebook.write("", to: "go")
    #expect(try await work.outcome.cells["wait"]?.state == .ran)
    try server.startController()
  }
}
