import Foundation
import Testing

@testable import Core

/// The expected numbers come from Tests/Reference/least_squares_reference.py.
@Suite struct OrdinaryLeastSquaresTests {
  private let rows = (0..<20).map { [Double($0 % 5), Double($0 * $0 % 7)] }
  private var targets: [Double] {
    rows.enumerated().map { 3 + 2 * $1[0] - $1[1] + Double($0 * 13 % 9 - 4) / 10 }
  }

  @Test func coefficientsAndTheirTValues() throws {
    let fit = try OrdinaryLeastSquares(names: ["a", "b"], rows: rows, targets: targets)
    let effects = [fit.intercept] + fit.effects
    #expect(effects.map(\.name) == ["intercept", "a", "b"])
    #expect(zip(effects, [2.99729963, 1.995394575, -1.003945746]).allSatisfy { abs($0.coefficient - $1) < 1e-8 })
    #expect(zip(effects, [21.965839759, 44.557984827, -22.683180853]).allSatisfy { abs($0.t - $1) < 1e-6 })
    #expect(abs(fit.determination - 0.992734563) < 1e-9)
    #expect(try handedOn(fit) == fit)
    #expect(zip(fit.predict(rows), targets).allSatisfy { abs($0 - $1) < 0.6 })
  }

  @Test func dependentColumnsAreLeftOut() throws {
    let more = rows.map { $0 + [7, $0[0] + 2 * $0[1]] }
    let fit = try OrdinaryLeastSquares(names: ["a", "b", "same", "sum"], rows: more, targets: targets)
    #expect(fit.dependent == ["same", "sum"])
    #expect(fit.effects.map(\.name) == ["a", "b"])
  }

  @Test func eachRowIsPredictedWithoutItself() throws {
    let predictions = try OrdinaryLeastSquares.crossValidated(
      names: ["a", "b"], rows: rows, targets: targets, folds: 5, repeats: 2, seed: 1)
    #expect(predictions.count == 2 && predictions[0] != predictions[1])
    #expect(zip(predictions[0], targets).allSatisfy { abs($0 - $1) < 0.8 })
  }

  /// All rows are on the plane, so the standard errors are 0 and no coefficient has a quotient.
  @Test(arguments: [([2.0, 2, 2, 2], 0.0, 2.0), ([1, 5, 1, 5], 2, 3)])
  func exactFitsHaveTheTValueZero(_ targets: [Double], _ coefficient: Double, _ intercept: Double) throws {
    let fit = try OrdinaryLeastSquares(names: ["a"], rows: [[-1], [1], [-1], [1]], targets: targets)
    #expect(fit.effects.map(\.coefficient) == [coefficient] && fit.intercept.coefficient == intercept)
    #expect(fit.residualDeviation == 0 && fit.effects[0].standardError == 0 && fit.intercept.standardError == 0)
    #expect(fit.effects[0].t == 0 && fit.intercept.t == 0)
    #expect(fit.determination == 1)
    #expect(try JSONDecoder().decode(OrdinaryLeastSquares.self, from: JSONEncoder().encode(fit)) == fit)
  }

  /// The mean of ten tenths is not a tenth in binary numbers.
  @Test func equalTargetsAreExplained() throws {
    let fit = try OrdinaryLeastSquares(
      names: ["a", "b"], rows: Array(rows.prefix(10)), targets: Array(repeating: 0.1, count: 10))
    #expect(fit.determination == 1)
    #expect(([fit.intercept] + fit.effects).allSatisfy { $0.t.isFinite })
  }

  @Test func whatItCanNotDo() throws {
    #expect(
      try message { _ = try OrdinaryLeastSquares(names: ["a", "b"], rows: Array(rows.prefix(3)), targets: [1, 2, 3]) }
        == "3 rows are too few for 2 columns and an intercept\n  Use more rows, or fewer columns.")
    #expect(
      try message { _ = try OrdinaryLeastSquares(names: ["a"], rows: rows, targets: targets) }
        == "the rows don't have a value for each of 1 columns and a target each")
  }

  /// FOX-NAS's 300 samples with its 35 terms have an exact fit, too.
  @Test(.enabled(if: SharedData.isPresent)) func foxNASIsFittedAgain() throws {
    let samples = try FOXNASTable(
      CSVTable.read(SharedData.folder.appending(path: "foxnas/model_data_CPU_256.csv").path))
    #expect(samples.names.count == 35)
    let fit = try OrdinaryLeastSquares(names: samples.names, rows: samples.rows, targets: samples.latencies)
    #expect(abs(fit.determination - 0.99007125) < 1e-7)
    #expect(abs(fit.intercept.coefficient - 16.706955) < 1e-5)
    let expected = ["tot_24": -8.3825, "tot_e_16_24": 41.0486, "avg_k_160 x tot_160": 0.1188]
    for effect in fit.effects {
      if let t = expected[effect.name] { #expect(abs(effect.t - t) < 1e-3) }
    }
    let held = try OrdinaryLeastSquares.crossValidated(
      names: samples.names, rows: samples.rows, targets: samples.latencies, seed: 1)
    let shares = held.map { predictions in
      Double(zip(predictions, samples.latencies).count { abs($0 - $1) <= 0.05 * $1 }) / Double(predictions.count)
    }
    #expect(shares.allSatisfy { $0 > 0.9 })
  }
}
