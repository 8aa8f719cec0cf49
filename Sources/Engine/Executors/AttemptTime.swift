import Basics

/// The time for which the newest attempt of a task has been running, which a timeout limits.
///
/// An attempt that lost its machine leaves no record of its end. The time that its successor waits in the queue doesn't
/// count, however long it is.
struct AttemptTime {
  private var begin: ContinuousClock.Instant?
  private var isOver = false

  /// Notes that a new attempt was seen.
  mutating func start(at now: ContinuousClock.Instant) {
    begin = now
    isOver = false
  }

  /// Notes that another attempt will be made.
  mutating func end() { isOver = true }

  /// Notes that the queue says that the task waits. An answer from before the attempt says nothing about it.
  /// - Parameter asked: The time of the question.
  mutating func wait(asked: ContinuousClock.Instant) {
    if let begin, asked > begin { isOver = true }
  }

  /// Whether the attempt has been running for longer than this number of seconds.
  func exceeds(_ seconds: Double, at now: ContinuousClock.Instant) -> Bool {
    guard let begin, !isOver else { return false }
    return now - begin > .seconds(clamping: seconds)
  }
}
