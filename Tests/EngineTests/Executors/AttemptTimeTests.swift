import Testing

@testable import Engine

@Suite struct AttemptTimeTests {
  private let now = ContinuousClock.now

  @Test func anAttemptIsLimited() {
    var time = AttemptTime()
    #expect(!time.exceeds(10, at: now))
    time.start(at: now)
    #expect(!time.exceeds(10, at: now + .seconds(10)))
    #expect(time.exceeds(10, at: now + .seconds(11)))
  }

  @Test func theWaitForTheNextAttemptDoesNotCount() {
    var time = AttemptTime()
    time.start(at: now)
    time.wait(asked: now + .seconds(5))
    #expect(!time.exceeds(10, at: now + .seconds(1_000)))
    time.start(at: now + .seconds(1_000))
    #expect(!time.exceeds(10, at: now + .seconds(1_005)))
    #expect(time.exceeds(10, at: now + .seconds(1_011)))
    time.end()
    #expect(!time.exceeds(10, at: now + .seconds(1_011)))
  }

  @Test func anOlderAnswerOfTheQueueSaysNothing() {
    var time = AttemptTime()
    time.start(at: now)
    time.wait(asked: now - .seconds(5))
    #expect(time.exceeds(10, at: now + .seconds(11)))
  }
}
