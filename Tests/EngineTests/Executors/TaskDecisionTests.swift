import Testing

@testable import Engine

/// Situations that users of other queue runners met, as a table of the known facts and the decision.
@Suite struct TaskDecisionTests {
  private static func ended(_ kind: BatchVerdict.Kind) -> TaskDecision.Queue {
    .entry(.ended(BatchVerdict(kind: kind, reason: "WORD")))
  }

  private func decision(
    _ record: String?, _ queue: TaskDecision.Queue, hasBegun: Bool = true, silence: Double = 0
  ) -> TaskDecision {
    TaskDecision.of(
      record: record.flatMap(TaskRecord.init), queue: queue, hasBegun: hasBegun, silence: silence, lag: 60,
      resources: CellResources(memory: 1024, seconds: 3600))
  }

  private static let well = "ended 0 12 5 0 300"
  private static let trapped = "ended 132 12 5 0 300"
  private static let asked = "asked 143 12 5 0 300"
  private static let killed = "ended 137 12 5 0 300"

  @Test func aRecordOfTheTasksOwnEndCountsWhateverTheQueueSays() {
    let words: [TaskDecision.Queue] = [
      .unknown, .absent(100), .entry(.running), .entry(.waiting), Self.ended(.lost), Self.ended(.cancelled),
    ]
    for queue in words {
      #expect(decision(Self.well, queue) == .settled)
      #expect(decision(Self.trapped, queue) == .settled)
    }
  }

  @Test func preemptionIsNoFailure() {
    #expect(decision(nil, Self.ended(.lost)) == .restart("the job lost its machine (WORD)"))
    #expect(decision(Self.asked, Self.ended(.lost)) == .restart("the job lost its machine (WORD)"))
    #expect(decision(Self.killed, Self.ended(.lost)) == .restart("the job lost its machine (WORD)"))
  }

  @Test func whatTheQueueStartsAgainIsWaitedFor() {
    #expect(decision(Self.asked, .entry(.waiting)) == .wait)
    #expect(decision(Self.killed, .entry(.running)) == .wait)
  }

  @Test func aJobThatTheQueueHoldsStartsAgain() {
    #expect(
      decision(nil, Self.ended(.held), hasBegun: false)
        == .restart("the queue could not start the job and holds it (WORD)"))
    #expect(decision(Self.well, Self.ended(.held)) == .settled)
  }

  @Test func anEndedJobsRecordMayComeLate() {
    #expect(decision(nil, Self.ended(.byItself), silence: 59) == .wait)
    #expect(
      decision(nil, Self.ended(.byItself), silence: 61)
        == .restart("the job ended without a record of its end (WORD)"))
    #expect(
      decision(nil, Self.ended(.byItself), hasBegun: false, silence: 61)
        == .restart("the job ended before it could write to its folder (WORD)"))
  }

  @Test func aQueueThatDoesNotAnswerSaysNothing() {
    #expect(decision(nil, .unknown) == .wait)
    #expect(decision(Self.asked, .unknown) == .wait)
  }

  @Test func aJobThatTheQueueForgotStartsAgain() {
    #expect(decision(nil, .absent(10)) == .wait)
    #expect(decision(nil, .absent(61)) == .restart("the queue no longer has the job"))
  }

  @Test func whatWouldHappenAgainFails() {
    #expect(decision(nil, Self.ended(.cancelled)) == .failed("the job was cancelled (WORD)"))
    #expect(
      decision(Self.killed, Self.ended(.outOfMemory))
        == .failed("the job needed more memory than the 1 GiB it asked for (WORD)"))
    #expect(
      decision(Self.asked, Self.ended(.outOfTime))
        == .resume("the job reached its time limit (at most 1 h) (WORD)"))
  }
}
