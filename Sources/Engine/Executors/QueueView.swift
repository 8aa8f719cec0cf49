import Foundation

/// The queue's last answer about all jobs of the user, which all running cells share.
actor QueueView {
  struct Seen: Sendable {
    /// The time of the question. Later submissions aren't in the answer.
    var asked: ContinuousClock.Instant
    var entries: [String: [Int: BatchEntry]]
    var unreachable: Set<String>
  }

  private let queue: any BatchQueue
  private let interval: Duration
  private var last: Seen?
  private var lastTry: ContinuousClock.Instant?
  private var question: Task<Seen?, Never>?
  /// The reason why the queue could not be asked the last time.
  private(set) var complaint: String?

  init(_ queue: any BatchQueue, interval: Double) {
    self.queue = queue
    self.interval = .seconds(clamping: interval)
  }

  /// An answer that is no older than the interval, or the last one while the queue can't be asked.
  func seen() async -> Seen? {
    let now = ContinuousClock.now
    if let lastTry, now - lastTry < interval { return last }
    if let question { return await question.value }
    let queue = queue
    let new = Task { () -> Seen? in
      do {
        let snapshot = try await queue.entries()
        var entries: [String: [Int: BatchEntry]] = [:]
        for entry in snapshot.entries { entries[entry.token, default: [:]][entry.index] = entry }
        self.complaint = nil
        return Seen(asked: now, entries: entries, unreachable: snapshot.unreachable)
      } catch {
        self.complaint = (error as? BatchQueueError)?.message ?? "\(error)"
        return nil
      }
    }
    question = new
    let seen = await new.value
    question = nil
    lastTry = .now
    if let seen { last = seen }
    return last
  }
}
