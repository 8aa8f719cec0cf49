import Testing

@testable import Measure

@Suite struct MeasuredLatenciesTests {
  @Test(arguments: [
    (
      MeasuredLatencies.Ending.Cause.precision, [(1.0, 1.004), (2, 2.1)],
      "pi: all estimates are precise enough; halves agree: 50 / 100 / 100 % of 2 models within 1 / 5 / 10 %; "
        + "61 s, of which 3 % neither timed nor warm-up; 5 s of waiting for others"
    ),
    (
      .rounds, [(1, 1)],
      "pi: the last round is over, 25 % of the estimates are precise enough; halves agree: 100 / 100 / 100 % of 1 "
        + "model within 1 / 5 / 10 %; 61 s, of which 3 % neither timed nor warm-up; 5 s of waiting for others"
    ),
    (
      .budget, [],
      "pi: the time was used up, 25 % of the estimates are precise enough; no model has two rounds; "
        + "61 s, of which 3 % neither timed nor warm-up; 5 s of waiting for others"
    ),
  ])
  func theEndOfEachDeviceIsTold(
    cause: MeasuredLatencies.Ending.Cause, halves: [(Double, Double)], text: String
  ) {
    let ending = MeasuredLatencies.Ending(
      device: "pi", cause: cause, precise: cause == .precision ? 1 : 0.25, agreement: HalfAgreement(halves),
      seconds: 61.2, overhead: 0.031, waiting: 4.6)
    let measured = MeasuredLatencies(rows: [], devices: [], descriptions: [:], endings: [ending], notices: [])
    #expect(measured.summary(table: "latency.csv") == [text, "latency.csv: 0 rows"])
  }

  /// A row uses its undisturbed rounds if there are at least three, and otherwise all its rounds, disturbed or not.
  @Test(arguments: [(2, 4, 6, true), (3, 3, 3, false), (6, 0, 6, false), (0, 3, 3, true)])
  func rowsThatRelyOnDisturbedRoundsAreCounted(good: Int, disturbed: Int, rounds: Int, relies: Bool) {
    let visits = (1...good + disturbed).map { round in
      Visit(id: "a", device: "pi", round: round, runs: [1_000_000], spoilt: round <= good ? [] : ["load"])
    }
    let row = MeasuredLatencies.Row(id: "a", device: "pi", visits: visits, reason: nil)
    #expect((row.rounds, row.spoilt, row.countsDisturbed) == (rounds, disturbed, relies))
    let measured = MeasuredLatencies(rows: [row], devices: [], descriptions: [:], endings: [], notices: [])
    let told = relies ? ["1 of 1 rows rely on rounds that other programs disturbed"] : []
    #expect(measured.summary(table: "t.csv") == told + ["t.csv: 1 row"])
  }
}
