import Core
import Foundation
import Testing

@testable import Measure

/// Estimates, intervals and split-half agreement, with numbers that can be checked by hand.
@Suite struct EstimatorTests {
  /// A visit with runs given in milliseconds.
  private func visit(
    _ round: Int, _ runs: [Double], id: String = "a", probe: Int = 0, spoilt: [String] = []
  ) -> Visit {
    Visit(
      id: id, device: "pc", round: round, runs: runs.map { Int(($0 * 1e6).rounded()) }, probe: probe, spoilt: spoilt)
  }

  @Test func quantilesInterpolate() {
    #expect(quantile(0.5, of: [3, 1, 2]) == 2)
    #expect(quantile(0.25, of: [1, 2, 3, 4]) == 1.75)
    #expect(quantile(1, of: [5]) == 5)
    #expect(quantile(0.5, of: []).isNaN)
  }

  @Test func eachEstimatorSaysWhatItsNameSays() {
    let rounds = [visit(1, [1, 2, 3], probe: 100), visit(2, [2, 4, 6], probe: 200), visit(3, [1, 3, 5], probe: 100)]
    let expected: [(Estimator, Double)] = [
      (.medianOfRounds, 3), (.medianOfRuns, 3), (.meanOfRounds, 3), (.minimum, 1), (.medianOfMinima, 1),
      (.lowerQuartile, 2), (.quietRounds, 2.5),
      // Without a fifth at each end (one of nine), the runs are 1, 2, 2, 3, 3, 4, 5.
      (.trimmedMean, 20.0 / 7),
      // The probe took twice as long as usual in the second round: 2, 2, 3.
      (.adjustedByProbe, 2),
    ]
    for (estimator, value) in expected {
      #expect(abs(estimator.estimates([rounds])[0] - value) < 1e-12, "\(estimator.name)")
    }
  }

  @Test func aSlowRoundIsTakenOutOfAllModels() {
    // The second round is twice as slow for all models.
    let models = [1.0, 10, 100].enumerated().map { index, latency in
      (1...3).map { visit($0, [$0 == 2 ? 2 * latency : latency], id: "\(index)") }
    }
    #expect(Estimator.adjustedByRound.estimates(models) == [1, 10, 100])
    #expect(Estimator.meanOfRounds.estimates(models)[0] > 1.3)
  }

  @Test func thereAreMoreThanFiveToCompare() {
    #expect(Estimator.all.count >= 5)
    #expect(Set(Estimator.all.map(\.name)).count == Estimator.all.count)
  }

  @Test func halvesAreEveryOtherRound() {
    let visits = [visit(4, [4]), visit(1, [1]), visit(3, [3]), visit(2, [2])]
    let (even, odd) = HalfAgreement.halves(visits)
    #expect(even.map(\.round) == [1, 3])
    #expect(odd.map(\.round) == [2, 4])
  }

  @Test func agreementCountsModelsWithinEachLimit() {
    let agreement = HalfAgreement([(1, 1), (1, 1.04), (1, 1.08), (1, 2)])
    #expect(agreement.shares == [0.25, 0.5, 0.75])
    #expect(agreement.text == "25 / 50 / 75 % of 4 models within 1 / 5 / 10 %")
    #expect(HalfAgreement([]).shares == [0, 0, 0])
  }

  @Test func spoiltRoundsDontCountWhereThereAreEnoughGoodOnes() {
    let good = (1...3).map { visit($0, [1]) }
    let bad = visit(4, [9], spoilt: ["others"])
    #expect(MeasuredRounds.counted(good + [bad]).map(\.round) == [1, 2, 3])
    #expect(MeasuredRounds.counted([good[0], bad]).map(\.round) == [1, 4])
  }

  @Test func aRoundDoneAgainTakesThePlaceOfTheSpoiltOne() {
    let spoilt = visit(1, [9], spoilt: ["others"])
    let good = visit(1, [1])
    for visits in [[spoilt, good], [good, spoilt]] {
      #expect(MeasuredRounds(visits, device: "pc").models[0].visits == [good])
    }
    #expect(MeasuredRounds([good], device: "other").models.isEmpty)
  }

  @Test func intervalsNarrowWithRoundsAndAreTheSameEveryTime() throws {
    var random = SeededGenerator(seed: 3)
    let visits = (1...40).map { visit($0, [1 + 0.02 * random.uniform()]) }
    let few = try #require(MeasuredRounds.interval(Array(visits.prefix(5))))
    let many = try #require(MeasuredRounds.interval(visits))
    #expect(many.high - many.low < few.high - few.low)
    let again = try #require(MeasuredRounds.interval(visits))
    #expect(again == many)
    #expect(MeasuredRounds.interval(Array(visits.prefix(2))) == nil)
    #expect(MeasuredRounds.isPrecise(visits, within: 0.01))
    #expect(!MeasuredRounds.isPrecise(visits, within: 0.0001))
  }
}
