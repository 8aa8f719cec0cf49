import Testing

@testable import Measure

@Suite struct RunningMedianTests {
  private func visit(_ id: String, _ round: Int, _ milliseconds: [Int]) -> Visit {
    Visit(id: id, device: "pc", round: round, runs: milliseconds.map { $0 * 1_000_000 })
  }

  /// Each model counts once, with the median of its visits.
  @Test func itIsTheMedianOfTheModelsMedians() {
    #expect(RunningMedian().value.isNaN)
    var median = RunningMedian([visit("a", 1, [1, 1, 9]), visit("b", 1, [8])])
    #expect(median.value == 4.5)
    median.add(visit("a", 2, [3, 3]))
    #expect(median.value == 5)
    median.add(visit("c", 1, [6]))
    #expect(median.value == 6)
    for round in 3...9 { median.add(visit("a", round, [100])) }
    #expect(median.value == 8)
  }
}
