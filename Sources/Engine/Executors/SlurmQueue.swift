import Foundation

/// Jobs of Slurm, by `sbatch`, `squeue` and `scancel` on the runner's machine. The nodes don't need these commands.
struct SlurmQueue: BatchQueue {
  var settings: SlurmSettings
  /// Variables for Slurm's commands, in addition to the runner's own.
  var environment: [String: String] = [:]

  var largestArray: Int { settings.arraySize }

  /// The mark of Labbook's submissions among a user's jobs.
  static let mark = "labbook "

  func hasRoom() async -> Bool { true }

  func submit(_ submission: BatchSubmission) async throws -> BatchReply {
    let result = try await QueueCommand.run(Self.arguments(submission, settings), environment: environment)
    if result.code == 0, let id = result.output.split(whereSeparator: { ";\n ".contains($0) }).first {
      return .submitted(id: String(id))
    }
    if result.code == nil || Self.isPassing(result.errors) { return .unclear("sbatch: \(result.complaint)") }
    throw BatchQueueError(message: "sbatch refused the job: \(result.complaint)")
  }

  static func arguments(_ submission: BatchSubmission, _ settings: SlurmSettings) -> [String] {
    let resources = submission.resources
    var options = [
      "sbatch", "--parsable", "--requeue", "--open-mode=append", "--job-name=\(submission.name)",
      "--comment=\(mark)\(submission.token)", "--output=\(submission.logs)", "--chdir=\(submission.folder)",
    ]
    // A single task is an array, too, so that every task has an index.
    options.append("--array=0-\(submission.count - 1)")
    options.append("--cpus-per-task=\(resources.processors ?? 1)")
    if let memory = resources.memory { options.append("--mem=\(memory)M") }
    if let gpus = resources.accelerators, gpus > 0 { options.append("--gres=gpu:\(gpus)") }
    if let seconds = resources.seconds {
      options.append("--time=\(max(1, Int(clamping: (seconds / 60).rounded(.up))))")
    }
    if let partition = settings.partition { options.append("--partition=\(partition)") }
    if let account = settings.account { options.append("--account=\(account)") }
    return options + settings.options + [submission.script, submission.list, submission.token]
  }

  /// Whether an error of `sbatch` is temporary, because the controller is down or busy.
  static func isPassing(_ complaint: String) -> Bool {
    [
      "Unable to contact", "timed out", "connection failure", "Connection refused", "Zero Bytes", "try again",
      "temporarily unable", "slow response", "backup controller", "Unexpected message", "Resource temporarily",
    ].contains { complaint.localizedCaseInsensitiveContains($0) }
  }

  func entries() async throws -> BatchSnapshot {
    let result = try await QueueCommand.run(
      ["squeue", "--me", "--noheader", "--array", "--states=all", "--format=%i|%K|%T|%r|%N|%k"],
      environment: environment)
    guard result.code == 0 else { throw BatchQueueError(message: "squeue: \(result.complaint)") }
    return BatchSnapshot(entries: Self.entries(result.output))
  }

  /// Reads lines of `id_index|index|state|reason|nodes|comment`. Comments of other users may contain anything.
  static func entries(_ text: String) -> [BatchEntry] {
    text.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: "|", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
      guard fields.count == 6, fields[5].hasPrefix(mark), let index = Int(fields[1]) else { return nil }
      let state = state(fields[2], reason: fields[3])
      return BatchEntry(
        token: String(fields[5].dropFirst(mark.count)), index: index, state: state,
        id: String(fields[0].prefix { $0 != "_" }),
        note: state == .running ? fields[4] : fields[3] == "None" ? "" : fields[3])
    }
  }

  /// The state for Slurm's word (squeue(1), "JOB STATE CODES").
  static func state(_ word: String, reason: String) -> BatchEntry.State {
    let text = ["None", "", "NonZeroExitCode"].contains(reason) ? word : "\(word), \(reason)"
    // After a node failed to start a job, Slurm returns it to the queue and holds it until somebody releases it. A job
    // that the user or an administrator holds is waited for.
    if word == "PENDING", reason.hasSuffix("requeued held") || reason == "JobHoldMaxRequeue" {
      return .ended(BatchVerdict(kind: .held, reason: text))
    }
    switch word.prefix(while: { $0 != " " && $0 != "+" }) {
    case "PENDING", "REQUEUED", "REQUEUE_HOLD", "REQUEUE_FED", "SPECIAL_EXIT", "CONFIGURING", "RESV_DEL_HOLD":
      return .waiting
    case "RUNNING", "COMPLETING", "SUSPENDED", "STOPPED", "SIGNALING", "STAGE_OUT", "RESIZING": return .running
    case "COMPLETED", "FAILED": return .ended(BatchVerdict(kind: .byItself, reason: text))
    case "CANCELLED", "REVOKED": return .ended(BatchVerdict(kind: .cancelled, reason: text))
    case "TIMEOUT", "DEADLINE": return .ended(BatchVerdict(kind: .outOfTime, reason: text))
    case "OUT_OF_MEMORY": return .ended(BatchVerdict(kind: .outOfMemory, reason: text))
    // PREEMPTED, NODE_FAIL, BOOT_FAIL, and unknown states of later versions.
    default: return .ended(BatchVerdict(kind: .lost, reason: text))
    }
  }

  func cancel(_ submission: BatchSubmission, id: String?) async {
    guard let id else { return }
    _ = try? await QueueCommand.run(["scancel", id], environment: environment)
  }

  func cancel(held index: Int, id: String) async {
    _ = try? await QueueCommand.run(["scancel", "\(id)_\(index)"], environment: environment)
  }

  /// The verdict of `sacct`, if the cluster keeps accounts.
  func verdict(id: String, index: Int) async -> BatchVerdict? {
    guard
      let result = try? await QueueCommand.run(
        ["sacct", "--noheader", "--parsable2", "--allocations", "--format=State", "--jobs=\(id)_\(index)"],
        environment: environment), result.code == 0,
      let word = result.output.split(separator: "\n").last
    else { return nil }
    if case .ended(let verdict) = Self.state(String(word), reason: "") { return verdict }
    return nil
  }
}
