import Engine
import Testing

@testable import Runner

@Suite struct WorkDisplayTests {
  private let start = ContinuousClock.now

  private func line(_ fractions: [Double], _ note: String = "round 2", after seconds: Int) -> String {
    var pace = Pace(fractions[0], at: start)
    for fraction in fractions { pace.note(fraction, at: start) }
    return WorkDisplay.line(fractions[fractions.count - 1], note, pace, at: start + .seconds(seconds))
  }

  /// What an earlier measurement did says nothing of the pace.
  @Test func theTimeLeftIsThatOfThisCommand() {
    #expect(line([0, 0.5], after: 10) == "50 % round 2, 10 s left")
    #expect(line([0.5, 0.75], after: 10) == "75 % round 2, 10 s left")
    #expect(line([0.75, 0.75], after: 10) == "75 % round 2")
    // Other work has begun.
    #expect(line([0.75, 0.25, 0.5], after: 10) == "50 % round 2, 20 s left")
  }

  @Test func anEstimateWaitsForSomeProgress() {
    #expect(line([0, 0.5], after: 5) == "50 % round 2")
    #expect(line([0, 0.015625], after: 100) == "2 % round 2")
    #expect(line([0.5, 1], after: 100) == "100 % round 2, 0.0 s left")
    #expect(line([1, 1], after: 100) == "100 % round 2")
  }

  /// A device can't move the terminal's cursor.
  @Test func notesAreMadeVisible() {
    #expect(line([0, 0], "waiting\u{1B}[2J\n", after: 1) == "0 % waiting<U+001B>[2J<U+000A>")
  }
}
