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
}
