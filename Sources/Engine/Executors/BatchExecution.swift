import Basics
import Foundation
import Wire

/// Runs the tasks of a cell's jobs to their ends: it submits them, follows them, and restarts tasks that ended
/// without their own fault. Its state is only in the job's folder and in the queue, so another runner can continue.
final class BatchExecution {
  /// The end of a task.
  struct Ending {
    var record: TaskRecord?
    var attempt: URL?
    var events: [CellEvent]
    /// The reason why the task has no result, if the record doesn't contain it.
    var failure: String?
    /// The last lines of the queue's own log.
    var log: String
  }

  /// The reasons to stop all tasks.
  enum Stop: Error {
    case cancelled
    case timedOut
    case flooded
  }

  private final class State {
    let task: BatchTask
    /// The last submission with this task, and the task's index in it.
    var submission: (index: Int, of: Int)?
    var attempt: URL?
    var follower: EventFollower?
    var ending: Ending?
    var hasBegun = false
    var time = AttemptTime()
    /// The time since which the queue reports the task as ended or doesn't list it, or since which files are missing.
    var silentSince: ContinuousClock.Instant?
    var restarts = 0
    var signature: String?
    var standing = Standing.waiting
    var note = ""

    init(_ task: BatchTask) { self.task = task }
  }

  enum Standing: Hashable { case waiting, running, ended }

  private let folder: JobFolder
  private let cluster: Cluster
  private let queue: any BatchQueue
  private let view: QueueView
  private let name: String
  private let resources: CellResources
  private let blobs: URL
  private let timeout: Double?
  private let observe: @Sendable (CellEvent) -> Void

  /// The state of the task that was checked last, for the message about a stop.
  private(set) var last: Ending?
  private var submissions: [JobFolder.Submission]
  private var submittedAt: [String: ContinuousClock.Instant] = [:]

  /// - Parameters:
  ///   - name: The name of the jobs in the queue.
  ///   - timeout: The seconds that a task may run.
  init(
    folder: JobFolder, cluster: Cluster, queue: any BatchQueue, view: QueueView, name: String,
    resources: CellResources, blobs: URL, timeout: Double?, observe: @escaping @Sendable (CellEvent) -> Void
  ) {
    self.folder = folder
    self.cluster = cluster
    self.queue = queue
    self.view = view
    self.name = name
    self.resources = resources
    self.blobs = blobs
    self.timeout = timeout
    self.observe = observe
    submissions = folder.submissions()
  }

  /// Cancels all submissions.
  func cancel() async {
    let (queue, submissions) = (queue, submissions)
    // The queue has to be told even if this Swift task was cancelled.
    await Task.detached {
      let known = try? await queue.entries().entries
      for submission in submissions {
        let token = submission.request.token
        let id = submission.id ?? known?.first { $0.token == token }?.id
        await queue.cancel(submission.request, id: id)
      }
    }.value
  }

  /// Runs all tasks to their ends.
  /// - Parameter checkpoints: The folder of a task's checkpoints.
  /// - Returns: Their endings, in order.
  func finish(_ tasks: [BatchTask], checkpoints: (BatchTask) -> String) async throws -> [Ending] {
    let states = tasks.map(State.init)
    var order: [String: State] = [:]
    for state in states { order[state.task.name] = state }
    for (number, submission) in submissions.enumerated() {
      for (index, name) in submission.tasks.enumerated() { order[name]?.submission = (index, number) }
    }
    let pause = Duration.seconds(clamping: min(2, max(0.1, cluster.interval / 5)))
    var last = ""
    while true {
      if Task.isCancelled { throw Stop.cancelled }
      for state in states where state.ending == nil { try look(at: state) }
      // If all tasks have ended, the queue isn't asked.
      if states.contains(where: { $0.ending == nil }) {
        let seen = await view.seen()
        for state in states where state.ending == nil {
          await decide(on: state, seen, checkpoints: checkpoints(state.task))
        }
        try await submit(states.filter { $0.ending == nil && $0.submission == nil }, checkpoints: checkpoints)
        await cancelHeld(seen, states)
      }
      let text = await standing(states)
      if text != last { tell(text, states) }
      last = text
      if states.allSatisfy({ $0.ending != nil }) { return states.compactMap(\.ending) }
      try? await Task.sleep(for: pause)
    }
  }

  /// Marks a finished task as not yet run.
  func forget(_ task: BatchTask) {
    for number in submissions.indices {
      guard let index = submissions[number].tasks.firstIndex(of: task.name) else { continue }
      submissions[number].tasks[index] = ""
      try? folder.keep(submissions[number])
    }
  }

  // MARK: One task

  /// Checks the newest attempt.
  private func look(at state: State) throws {
    guard let attempt = state.task.attempts().last else { return }
    if attempt != state.attempt {
      state.attempt = attempt
      state.follower = EventFollower(file: attempt.appendingPathComponent("events"))
      state.time.start(at: .now)
      state.silentSince = nil
    }
    state.hasBegun = true
    state.follower?.read().forEach(observe)
    last = Ending(record: nil, attempt: attempt, events: state.follower?.all ?? [], log: "")
    let written = ["stdout", "stderr"].map { BatchTask.size(attempt.appendingPathComponent($0)) }.reduce(0, +)
    let events = BatchTask.size(attempt.appendingPathComponent("events"))
    if written > Budgets.outputBytes || events > Budgets.eventBytes { throw Stop.flooded }
    if let timeout, state.time.exceeds(timeout, at: .now), BatchTask.record(attempt) == nil { throw Stop.timedOut }
  }

  /// - Parameter seen: The last answer of the queue.
  private func decide(on state: State, _ seen: QueueView.Seen?, checkpoints: String) async {
    let record = state.attempt.flatMap(BatchTask.record)
    let now = ContinuousClock.now
    let queue = await word(on: state, seen, at: now)
    switch queue {
    case .entry(.waiting):
      state.standing = .waiting
      if let seen { state.time.wait(asked: seen.asked) }
    case .entry(.running): state.standing = .running
    default: break
    }
    let isQuiet: Bool
    switch queue {
    case .entry(.ended), .absent: isQuiet = true
    default: isQuiet = record != nil
    }
    if isQuiet, state.silentSince == nil { state.silentSince = now }
    if !isQuiet { state.silentSince = nil }
    let silence = state.silentSince.map { (now - $0) / .seconds(1) } ?? 0
    let decision = TaskDecision.of(
      record: record, queue: queue, hasBegun: state.hasBegun, silence: silence, lag: cluster.lag,
      resources: resources)
    switch decision {
    case .wait: break
    case .settled:
      guard let record, let attempt = state.attempt else { return }
      state.follower?.read().forEach(observe)
      let events = state.follower?.all ?? []
      if BatchTask.isVisible(record, of: attempt, events: events, blobs: blobs) {
        settle(state, failure: nil, record: record)
      } else if silence > cluster.lag {
        settle(state, failure: "the job ended, but \(Int(clamping: cluster.lag)) s later its files are not all there")
      }
    case .failed(let reason): settle(state, failure: reason, record: record)
    case .restart(let reason): restart(state, because: reason, record, checkpoints, needsProgress: false)
    case .resume(let reason): restart(state, because: reason, record, checkpoints, needsProgress: true)
    }
  }

  private func word(
    on state: State, _ seen: QueueView.Seen?, at now: ContinuousClock.Instant
  ) async -> TaskDecision.Queue {
    guard let place = state.submission, let seen else { return .unknown }
    let submission = submissions[place.of]
    let token = submission.request.token
    if let entry = seen.entries[token]?[place.index] {
      state.note = entry.note
      if submission.id == nil || submission.isUnclear {
        submissions[place.of].id = entry.id
        submissions[place.of].isUnclear = false
        try? folder.keep(submissions[place.of])
      }
      return .entry(entry.state)
    }
    // Queues take a moment to show a new job.
    guard seen.asked - (submittedAt[token] ?? seen.asked - .seconds(10)) > .seconds(3) else { return .unknown }
    if let host = submission.id, seen.unreachable.contains(host) { return .unknown }
    if submission.id == nil, !seen.unreachable.isEmpty { return .unknown }
    if let id = submission.id, kept[token]?[place.index] == nil {
      kept[token, default: [:]][place.index] = .some(await queue.verdict(id: id, index: place.index))
    }
    if let verdict = kept[token]?[place.index] ?? nil { return .entry(.ended(verdict)) }
    return .absent(state.silentSince.map { (now - $0) / .seconds(1) } ?? 0)
  }

  /// The queue's verdicts on jobs that it no longer lists.
  private var kept: [String: [Int: BatchVerdict?]] = [:]

  /// The last answer of the queue after which each job was cancelled, by its token and index.
  private var cancelled: [String: ContinuousClock.Instant] = [:]

  /// Cancels jobs that the queue holds and that nothing waits for anymore. Their successors are on record by then:
  /// otherwise another runner that continues would take a cancelled job for a failed one. A job that the queue still
  /// lists the next time is cancelled again, because the queue may have been away.
  private func cancelHeld(_ seen: QueueView.Seen?, _ states: [State]) async {
    let held = submissions.map(\.request.token).flatMap { token in
      (seen?.entries[token] ?? [:]).compactMap { index, entry in
        if case .ended(let verdict) = entry.state, verdict.kind == .held { (token, index, entry.id) } else { nil }
      }
    }
    guard let seen, !held.isEmpty else { return }
    let awaited = Set(
      states.compactMap { state in
        state.ending == nil ? state.submission.map { "\(submissions[$0.of].request.token) \($0.index)" } : nil
      })
    for (token, index, id) in held {
      let job = "\(token) \(index)"
      guard !awaited.contains(job), cancelled.updateValue(seen.asked, forKey: job) != seen.asked else { continue }
      await queue.cancel(held: index, id: id)
    }
  }

  private func settle(_ state: State, failure: String?, record: TaskRecord? = nil) {
    let log = state.submission.map { folder.log(of: submissions[$0.of], index: $0.index) } ?? ""
    state.standing = .ended
    state.ending = Ending(
      record: record, attempt: state.attempt, events: state.follower?.all ?? [], failure: failure, log: log)
  }

  private func restart(
    _ state: State, because reason: String, _ record: TaskRecord?, _ checkpoints: String, needsProgress: Bool
  ) {
    let signature = BatchTask.signature(of: checkpoints)
    let hasProgressed = signature != state.signature
    state.signature = signature
    state.restarts = hasProgressed ? 1 : state.restarts + 1
    if needsProgress && !hasProgressed {
      return settle(state, failure: "\(reason) and has no checkpoint to continue from", record: record)
    }
    if state.restarts > cluster.restarts {
      return settle(state, failure: "\(reason), and so it ended \(state.restarts) times", record: record)
    }
    state.submission = nil
    state.time.end()
    state.silentSince = nil
    state.standing = .waiting
    state.note = "again: \(reason)"
  }

  // MARK: All tasks

  private func submit(_ states: [State], checkpoints: (BatchTask) -> String) async throws {
    var rest = states[...]
    while !rest.isEmpty {
      if Task.isCancelled { throw Stop.cancelled }
      guard await queue.hasRoom() else {
        for state in rest where state.note.isEmpty { state.note = "no slot is free" }
        return
      }
      let part = Array(rest.prefix(queue.largestArray))
      rest = rest.dropFirst(part.count)
      for state in part where state.signature == nil {
        state.signature = BatchTask.signature(of: checkpoints(state.task))
      }
      var submission = try folder.newSubmission(
        part.map(\.task), name: name, resources: resources, cluster: cluster.name, number: submissions.count)
      let reply = try await queue.submit(submission.request)
      if case .submitted(let id) = reply {
        submission.id = id
        submission.isUnclear = false
      }
      if case .unclear(let reason) = reply { for state in part { state.note = reason } }
      try folder.keep(submission)
      submissions.append(submission)
      submittedAt[submission.request.token] = .now
      for (index, state) in part.enumerated() { state.submission = (index, submissions.count - 1) }
    }
  }

  private func standing(_ states: [State]) async -> String {
    if states.count > 1 {
      let ended = states.filter { $0.ending != nil }.count
      let running = states.filter { $0.ending == nil && $0.standing == .running }.count
      return "\(ended) of \(states.count) points done, \(running) running, \(states.count - ended - running) waiting"
    }
    if let complaint = await view.complaint { return "waits for the queue's answer: \(complaint)" }
    guard let state = states.first else { return "" }
    let id = state.submission.flatMap { submissions[$0.of].id }.map { " (job \($0))" } ?? ""
    switch state.standing {
    case .waiting: return "waiting\(id)\(state.note.isEmpty ? "" : ": \(state.note)")"
    case .running: return "on \(state.note)\(id)"
    case .ended: return ""
    }
  }

  private func tell(_ text: String, _ states: [State]) {
    if text.isEmpty { return }
    if states.count == 1 { return observe(.placed(text)) }
    let ended = states.filter { $0.ending != nil }.count
    observe(.progress(Double(ended) / Double(states.count), note: text))
  }
}
