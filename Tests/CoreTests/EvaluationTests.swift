import Testing

@testable import Core

@Suite struct EvaluationTests {
  private let evaluation = try! Evaluation(
    ids: ["a", "b", "c", "d"], measured: [1, 2, 4, 8], predicted: [1.1, 1.5, 4, 8.1], unit: "ms")

  @Test func seedFigures() {
    #expect(abs(evaluation.meanGap - 0.175) < 1e-12)
    #expect(evaluation.maxGap == 0.5)
    #expect(evaluation.minGap == 0)
  }
}
