import Foundation
import Testing

@testable import Core

@Suite struct MeasuredAgainTests {
  private func data(_ measurements: [Core.Measurement?]) throws -> LatencyData {
    try LatencyData(
      graphs: measurements.indices.map { try chain("\($0)", [Node(.relu)]) }, devices: ["d"],
      measurements: [measurements])
  }

  @Test func theSecondHalfAnswersForTheFirst() throws {
    let again = try MeasuredAgain(
      data([
        Measurement(2, repeats: 100, halves: [2, 2.02]), Measurement(4, repeats: 50, halves: [4, 5]), Measurement(9),
        nil,
      ]), device: "d")
    #expect(again.truth.latencies == [2, 4] && again.device == "d" && again.unit == "ms")
    let evaluation = try again.evaluate(on: again.truth)
    #expect(evaluation.predicted == [2.02, 5] && evaluation.share(within: 0.05) == 0.5)
    // 100 repeats of 2 ms, and 50 of 4 ms.
    #expect(again.secondsPerNetwork == 0.2)
  }

  @Test func whatWasNotMeasuredTwice() throws {
    let one = try data([Measurement(1, halves: [1, 1]), Measurement(2)])
    let again = try MeasuredAgain(one, device: "d")
    #expect(again.secondsPerNetwork == nil)
    #expect(
      try message { _ = try again.predict(one.graphs) } == """
        "1" wasn't measured twice on "d"
          Measure it, because MnasNet only measures.
        """)
    #expect(
      try message { _ = try MeasuredAgain(data([Measurement(2)]), device: "d") } == """
        no measurement on "d" has two halves
          Use a table with the columns of both halves, as labbook measure writes it.
        """)
  }
}
