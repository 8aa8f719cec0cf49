import Foundation
import Testing
import Wire

@testable import Engine

@Suite struct ClusterExecutorTests {
  /// A queue that refuses every job.
  private struct ClosedQueue: BatchQueue {
    var largestArray: Int { 1 }

    func hasRoom() async -> Bool { true }
    func submit(_ submission: BatchSubmission) async throws -> BatchReply { throw BatchQueueError(message: "closed") }
    func entries() async throws -> BatchSnapshot { BatchSnapshot() }
    func cancel(_ submission: BatchSubmission, id: String?) async {}
    func cancel(held index: Int, id: String) async {}
    func verdict(id: String, index: Int) async -> BatchVerdict? { nil }
  }

  /// A point's value of an earlier run, whose cell failed, is there when the cell runs again.
  @Test(arguments: [true, false]) func pointsOfAnEarlierRunCountUnlessAllIsRunAgain(keeps: Bool) async throws {
    let folder = try TemporaryFolder("cluster")
    let path = folder.url.path
    let jobs = JobFolder(folder.url.appendingPathComponent("jobs"))
    try jobs.prepare()
    let file = jobs.values.appendingPathComponent(PointValue.name(sweep: 0, index: 0))
    let digest = String(repeating: "0", count: 64)
    try PointValue(sha256: digest, failure: nil, events: [], printed: "", files: []).write(to: file)
    let job = CellJob(
      cell: "a", entry: nil, inputs: [:], blobs: path, events: "", seed: 1, parameters: Data("{}".utf8), threads: 1,
      language: "en", lease: nil, checkpoints: "\(path)/checkpoints", fits: "\(path)/fits")
    let task = CellTask(
      executable: folder.url.appendingPathComponent("a"), job: job, folder: folder.url, workingDirectory: folder.url,
      environment: [:], timeout: nil, resources: nil, jobs: jobs.url, keeps: keeps, name: "n-a",
      overflow: folder.url.appendingPathComponent("output"))
    let executor = ClusterExecutor(Cluster(name: "c", kind: .slurm(SlurmSettings())), queue: ClosedQueue())
    await #expect(throws: NotebookError.self) { _ = try await executor.run(task) { _ in } }
    #expect(FileManager.default.fileExists(atPath: file.path) == keeps)
    withExtendedLifetime(folder) {}
  }
}
