import Testing

@testable import Core

@Suite struct CentredRidgeTests {
  /// The errors that the formula gives are those of regressions without each sample.
  @Test(arguments: [1e-3, 0.7, 30]) func errorsAreThoseOfRegressionsWithoutTheSample(penalty: Double) throws {
    var random = SeededGenerator(seed: 3)
    let rows = (0..<7).map { _ in (0..<3).map { _ in random.uniform() } }
    let targets = rows.map { 2 * $0[0] - $0[1] + 0.3 * random.uniform() }
    let (function, errors) = try CentredRidge.choose(rows, targets, penalties: [penalty])
    let all = try whole(rows, targets, penalty)
    #expect(rows.allSatisfy { abs(function.value($0) - all.value($0)) < 1e-9 })
    for left in rows.indices {
      let others = rows.indices.filter { $0 != left }
      let alone = try whole(others.map { rows[$0] }, others.map { targets[$0] }, penalty)
      #expect(abs(errors[left] - (targets[left] - alone.value(rows[left]))) < 1e-9)
    }
  }

  private func whole(_ rows: [[Double]], _ targets: [Double], _ penalty: Double) throws -> AdditiveFunction {
    try CentredRidge.fit(rows, targets, penalty: penalty)
  }

  @Test func oneSampleIsTheIntercept() throws {
    let (function, errors) = try CentredRidge.choose([[3, 4]], [5], penalties: [0.1, 1])
    #expect(function.value([9, 9]) == 5 && errors == [0])
  }
}
