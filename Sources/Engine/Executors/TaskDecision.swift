/// The next step for a task, decided from its own record and the queue's answer alone, so that a table can test it.
enum TaskDecision: Hashable, Sendable {
  case wait
  /// The task has ended, with success or not, and its record says how.
  case settled
  /// The task has no result, and a restart wouldn't give one.
  case failed(String)
  /// The task ended without its own fault.
  case restart(String)
  /// The task reached its time limit. It is restarted if it stored a checkpoint.
  case resume(String)

  /// The queue's knowledge of a task.
  enum Queue: Hashable, Sendable {
    /// The queue can't be asked, or was last asked before the job was submitted.
    case unknown
    case entry(BatchEntry.State)
    /// The queue has had no such job for this number of seconds.
    case absent(Double)
  }

  /// - Parameters:
  ///   - record: The record of the last attempt's end.
  ///   - hasBegun: Whether there is an attempt.
  ///   - silence: The seconds since the queue reported the end, while there is no record.
  ///   - lag: The seconds that the file system may take to show files of another machine.
  ///   - resources: The resources that the task requested.
  static func of(
    record: TaskRecord?, queue: Queue, hasBegun: Bool, silence: Double, lag: Double, resources: CellResources
  ) -> TaskDecision {
    if let record, record.isCertain { return .settled }
    switch queue {
    case .unknown, .entry(.waiting), .entry(.running): return .wait
    case .entry(.ended(let verdict)):
      switch verdict.kind {
      case .byItself:
        if record != nil { return .restart("something ended the job (\(verdict.reason))") }
        if silence < lag { return .wait }
        // Slurm ends a job as failed, too, when the daemon of its node was away while the job was to be started.
        return .restart(
          hasBegun
            ? "the job ended without a record of its end (\(verdict.reason))"
            : "the job ended before it could write to its folder (\(verdict.reason))")
      case .cancelled: return .failed("the job was cancelled (\(verdict.reason))")
      case .outOfMemory:
        let limit = resources.memory.map { " than the \(CellResources(memory: $0).text ?? "") it asked for" } ?? ""
        return .failed("the job needed more memory\(limit) (\(verdict.reason))")
      case .outOfTime:
        let limit = resources.seconds.map { " (\(CellResources(seconds: $0).text ?? ""))" } ?? ""
        return .resume("the job reached its time limit\(limit) (\(verdict.reason))")
      case .held: return .restart("the queue could not start the job and holds it (\(verdict.reason))")
      case .lost: return .restart("the job lost its machine (\(verdict.reason))")
      }
    case .absent(let seconds):
      return seconds < lag ? .wait : .restart("the queue no longer has the job")
    }
  }
}
