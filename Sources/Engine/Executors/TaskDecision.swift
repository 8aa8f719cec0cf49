/// What is to be done about a task, by its own record and the queue's word. A value of these alone, so that a table can
/// test it.
enum TaskDecision: Hashable, Sendable {
  case wait
  /// It has ended, well or not, and its record says how.
  case settled
  /// It gave no result, and would give none if it were started again.
  case failed(String)
  /// It ended through no fault of its own.
  case restart(String)
  /// It came to the end of its time: to be started again if it kept something to go on from.
  case resume(String)

  /// What is known of the queue's side of a task.
  enum Queue: Hashable, Sendable {
    /// The queue can't be asked, or was last asked before the job was submitted.
    case unknown
    case entry(BatchEntry.State)
    /// The queue has no such job, for so many seconds.
    case absent(Double)
  }

  /// - Parameters:
  ///   - record: The record of the last attempt's end.
  ///   - hasBegun: Whether there is an attempt.
  ///   - silence: Seconds since the queue called it ended without there being a record.
  ///   - lag: Seconds that the file system may take to show what another machine wrote.
  ///   - resources: What it asked for.
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
        return hasBegun
          ? .restart("the job ended without a record of how (\(verdict.reason))")
          : .failed("the job's machine could not write to the job's folder (\(verdict.reason))")
      case .cancelled: return .failed("the job was cancelled (\(verdict.reason))")
      case .outOfMemory:
        let limit = resources.memory.map { " than the \(CellResources(memory: $0).text ?? "") it asked for" } ?? ""
        return .failed("the job needed more memory\(limit) (\(verdict.reason))")
      case .outOfTime:
        let limit = resources.seconds.map { " (\(CellResources(seconds: $0).text ?? ""))" } ?? ""
        return .resume("the job came to the end of its time\(limit) (\(verdict.reason))")
      case .lost: return .restart("the job's machine was taken away (\(verdict.reason))")
      }
    case .absent(let seconds):
      return seconds < lag ? .wait : .restart("the queue no longer has the job")
    }
  }
}
