import Foundation
import Glibc
import Wire

/// Runs cells as jobs of a cluster: a cell is a job, and the points of its sweeps are a job array.
///
/// Jobs outlive the runner. The submissions are recorded in the store and in the queue, so a later run of the same
/// cell finds its jobs again, whether they wait, run, or have ended.
package struct ClusterExecutor: Executor {
  private let cluster: Cluster
  private let queue: any BatchQueue
  private let view: QueueView

  /// - Parameter environment: Variables for the queue's commands, in addition to the runner's own.
  package init(_ cluster: Cluster, environment: [String: String] = [:]) {
    switch cluster.kind {
    case .slurm(let settings):
      self.init(cluster, queue: SlurmQueue(settings: settings, environment: environment))
    case .ssh(let hosts): self.init(cluster, queue: SSHQueue(hosts: hosts))
    }
  }

  init(_ cluster: Cluster, queue: any BatchQueue) {
    self.cluster = cluster
    self.queue = queue
    view = QueueView(queue, interval: cluster.interval)
  }

  package var lease: CellLease.Kind { .heartbeat }

  package func threads(jobs: Int) -> Int { cluster.defaults.processors ?? 1 }

  package func environment(threads: Int) -> [String: String] {
    CellEnvironment(threads: threads).variables
  }

  package func run(
    _ task: CellTask, observe: @escaping @Sendable (CellEvent) -> Void
  ) async throws -> CellProcess.Ending {
    for folder in [task.workingDirectory, task.jobs, task.executable.deletingLastPathComponent()] {
      try cluster.requireShared(folder)
    }
    let folder = JobFolder(task.jobs)
    // The values of points stay when a cell fails and its tasks are forgotten.
    if !task.keeps { try? FileManager.default.removeItem(at: folder.values) }
    try folder.prepare()
    let patience = cluster.patience
    let lease = RunnerLease(file: folder.lease, interval: min(30, max(0.5, patience / 20)))
    defer { withExtendedLifetime(lease) {} }
    return try await run(task, in: folder, lease: lease.lease(.heartbeat, patience: patience), observe: observe)
  }

  private func run(
    _ task: CellTask, in folder: JobFolder, lease: CellLease, observe: @escaping @Sendable (CellEvent) -> Void
  ) async throws -> CellProcess.Ending {
    let resources = (task.resources ?? CellResources()).completed(by: cluster.defaults)
    var job = task.job
    job.threads = resources.processors ?? 1
    job.lease = lease
    // The script sets the event file, since every attempt has its own.
    job.events = ""
    if cluster.distributesPoints { job.points = CellJob.Points(folder: folder.values.path) }

    func execution() -> BatchExecution {
      BatchExecution(
        folder: folder, cluster: cluster, queue: queue, view: view, name: "labbook-\(task.name)", resources: resources,
        blobs: URL(fileURLWithPath: job.blobs), timeout: task.timeout, observe: observe)
    }
    func prepare(_ batch: BatchTask, _ job: CellJob) throws -> Bool {
      var variables = task.environment.merging(CellEnvironment(threads: job.threads).variables) { $1 }
      variables["LABBOOK_JOB"] = batch.jobFile.path
      return try batch.prepare(
        job,
        environment: TaskScript.environment(
          program: task.executable.path, folder: task.workingDirectory.path, modules: cluster.modules,
          variables: variables))
    }

    let cell = BatchTask("cell", in: folder)
    if try !prepare(cell, job) {
      // These are jobs of a run with other inputs, or of a run before --fresh.
      await execution().cancel()
      folder.forgetTasks()
      try? FileManager.default.removeItem(at: folder.values)
      try folder.prepare()
      _ = try prepare(cell, job)
    }
    // Points that failed in an earlier run are tried again, but not points that failed in these jobs.
    if folder.submissions().isEmpty { PointValue.forgetFailures(in: folder.values) }
    let work = execution()
    let start = ContinuousClock.now
    do {
      while true {
        let ending = try await work.finish([cell]) { _ in job.checkpoints }[0]
        guard let request = ending.distribution else {
          let result = self.ending(of: ending, task, since: start)
          // Jobs that ended well are removed once the result is stored.
          if result.isUnfinished { folder.forgetTasks() }
          return result
        }
        let points = request.missing.map { BatchTask("points/\(request.sweep)-\($0)", in: folder) }
        for (point, index) in zip(points, request.missing) {
          var own = job
          own.points?.sweep = request.sweep
          own.points?.index = index
          own.checkpoints = Self.checkpoints(of: point, below: job.checkpoints)
          _ = try prepare(point, own)
        }
        let endings = try await work.finish(points) { Self.checkpoints(of: $0, below: job.checkpoints) }
        for (index, point) in zip(request.missing, endings) {
          if let failure = try await failure(of: point, task, request, index, folder.values, since: start) {
            folder.forgetTasks()
            return failure
          }
        }
        // The cell's process runs again and collects the points.
        work.forget(cell)
        try? FileManager.default.removeItem(at: cell.folder)
        _ = try prepare(cell, job)
      }
    } catch let stop as BatchExecution.Stop {
      await work.cancel()
      let cause: CellProcess.Ending.Cause =
        switch stop {
        case .cancelled: .interrupted
        case .timedOut: .timedOut
        case .flooded: .flooded
        }
      let ending = Self.ending(cause, work.last, task, since: start)
      folder.forgetTasks()
      return ending
    } catch let error as BatchQueueError {
      await work.cancel()
      folder.forgetTasks()
      throw NotebookError(
        "\(cluster.name): \(error.message)",
        remedy: "The cell's `resources` and \(ClusterFile.user.path) say what is asked for.")
    }
  }

  private static func checkpoints(of point: BatchTask, below folder: String) -> String {
    "\(folder)/\(point.name)"
  }

  /// The reason why a point has no value, as an ending of the cell; nil if it has one.
  private func failure(
    of point: BatchExecution.Ending, _ task: CellTask, _ request: (sweep: Int, missing: [Int], count: Int),
    _ index: Int, _ values: URL, since start: ContinuousClock.Instant
  ) async throws -> CellProcess.Ending? {
    let file = values.appendingPathComponent(PointValue.name(sweep: request.sweep, index: index))
    let deadline = ContinuousClock.now + .seconds(clamping: point.failure == nil ? cluster.lag : 0)
    while !FileManager.default.fileExists(atPath: file.path) {
      guard point.record?.cause.isSuccess ?? false, ContinuousClock.now < deadline else {
        var ending = ending(of: point, task, since: start)
        if case .exited(0) = ending.cause {
          ending.cause = .lost("a point of a sweep has no value: the cell doesn't reach the sweep in every run")
        }
        ending.remarks.insert("This was point \(index + 1) of a sweep of \(request.count).", at: 0)
        return ending
      }
      try await Task.sleep(for: .milliseconds(200))
    }
    return nil
  }

  private func ending(
    of task: BatchExecution.Ending, _ cell: CellTask, since start: ContinuousClock.Instant
  ) -> CellProcess.Ending {
    var cause = task.record?.cause ?? .lost("the job ended without a record of its end")
    if let failure = task.failure { cause = .lost("\(cluster.name): \(failure)") }
    if task.record?.kind == .unprepared { cause = .lost("\(cluster.name): the job could not begin") }
    var ending = Self.ending(cause, task, cell, since: start)
    let log = task.log.trimmingCharacters(in: .whitespacesAndNewlines)
    if case .exited(0) = cause { return ending }
    if !log.isEmpty { ending.remarks.append("The end of the job's log:\n\(log)") }
    return ending
  }

  private static func ending(
    _ cause: CellProcess.Ending.Cause, _ task: BatchExecution.Ending?, _ cell: CellTask,
    since start: ContinuousClock.Instant
  ) -> CellProcess.Ending {
    func output(_ name: String) -> CapturedOutput {
      guard let attempt = task?.attempt else { return CapturedOutput() }
      return CapturedOutput(
        attempt.appendingPathComponent(name), overflow: cell.overflow.appendingPathExtension("\(name).txt"))
    }
    return CellProcess.Ending(
      cause: cause, events: task?.events ?? [], standardOutput: output("stdout"), standardError: output("stderr"),
      seconds: max(task?.record?.seconds ?? 0, (ContinuousClock.now - start) / .seconds(1)),
      origin: task?.attempt.flatMap(BatchTask.origin) ?? .here)
  }
}

extension BatchExecution.Ending {
  /// The points that the cell requested before it ended.
  fileprivate var distribution: (sweep: Int, missing: [Int], count: Int)? {
    guard failure == nil, record?.cause.isSuccess ?? false,
      case .distributing(let sweep, let missing, let count) = events.last
    else { return nil }
    return missing.isEmpty ? nil : (sweep, missing, count)
  }
}

extension CellProcess.Ending {
  fileprivate var isUnfinished: Bool { !(cause.isSuccess && isFinished) }
}

extension CellProcess.Ending.Cause {
  fileprivate var isSuccess: Bool { if case .exited(0) = self { true } else { false } }
}
