import Foundation
import Testing

@testable import Core

@Suite struct EvaluationTests {
  /// The data of Tests/Reference/rank_correlation.py.
  private func reference() throws -> Evaluation {
    let measured = (1...40).map { (index: Int) -> Double in 1 + Double(index * 37 % 41) / 8 }
    let factors = (1...40).map { (index: Int) -> Double in 1 + Double(index * 17 % 23 - 11) / 80 }
    let predicted = zip(measured, factors).map { $0 * $1 }
    return try Evaluation(ids: (1...40).map { "n\($0)" }, measured: measured, predicted: predicted, unit: "ms")
  }

  /// The expected numbers come from numpy and scipy, by Tests/Reference/rank_correlation.py.
  @Test(arguments: [
    (Metric.meanGap, 0.25316406250000006), (.maxGap, 0.75), (.minGap, 0), (.meanAccuracy, 0.929375),
    (.meanAbsolutePercentageError, 0.07062500000000001), (.rootMeanSquareError, 0.3179124067095271),
    (.within1Percent, 2 / 40.0), (.within5Percent, 13 / 40.0), (.within10Percent, 26 / 40.0),
    (.spearmanRho, 0.9834896810506568), (.kendallTau, 0.9051282051282052),
  ])
  func figures(_ metric: Metric, _ expected: Double) throws {
    #expect(abs(metric.value(of: try reference()) - expected) < 1e-12)
  }

  @Test func everyMetricIsPrintedByTheSeedOrTheField() {
    #expect(Set(Metric.report + Metric.field) == Set(Metric.all))
    #expect(
      Metric.report.map { $0.name(in: "zh-Hans") } == ["平均差距", "最大差距", "最小差距", "平均精度", "精度超过百分之90的数据占比"])
    #expect(
      Metric.report.map { $0.name(in: "en") } == ["mean gap", "max gap", "min gap", "mean accuracy", "within 10 %"])
  }

  @Test func aGapOfExactlyTheToleranceIsWithinIt() throws {
    let evaluation = try Evaluation(ids: ["a", "b"], measured: [8, 8], predicted: [9, 7], unit: "ms")
    #expect(evaluation.share(within: 0.125) == 1)
    #expect(evaluation.share(within: 0.124) == 0)
  }

  @Test func worst() throws {
    let evaluation = try Evaluation(
      ids: ["a", "b", "c", "d"], measured: [1, 2, 4, 8], predicted: [1.25, 1, 4, 12], unit: "ms")
    #expect(evaluation.worst(3).map(\.id) == ["b", "d", "a"])
    #expect(evaluation.worst(1)[0].relativeError == -0.5)
    #expect(evaluation.worst(9).count == 4)
    #expect(evaluation.worst(-1).isEmpty)
  }

  @Test func whatCanNotBeEvaluated() throws {
    #expect(
      try message { _ = try Evaluation(ids: [], measured: [], predicted: [], unit: "ms") }
        == "the evaluation has no samples\n  Choose a split with a test part.")
    #expect(
      try message { _ = try Evaluation(ids: ["a"], measured: [1], predicted: [], unit: "ms") }
        == "there are 1 ids, 1 measured and 0 predicted values\n  An evaluation needs the same number of each.")
    #expect(
      try message { _ = try Evaluation(ids: ["a"], measured: [0], predicted: [1], unit: "ms") }
        == "the measured value of \"a\", 0.0, is not a positive number")
    #expect(
      try message { _ = try Evaluation(ids: ["a"], measured: [1], predicted: [.nan], unit: "ms") }
        == "the prediction for \"a\" is nan\n  The training diverged: try a lower learning rate.")
  }

  @Test func isHandedOn() throws {
    #expect(try handedOn(reference()) == reference())
    let damaged = #"{"ids":["a"],"measured":"AAAA","predicted":"AAAA","unit":"ms"}"#
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(Evaluation.self, from: Data(damaged.utf8)) }
  }

  @Test func predictorsAreEvaluatedOnADataSet() throws {
    struct NodeCount: LatencyPredictor {
      let device: Device = "cpu"
      let unit = "us"

      func predict(_ graphs: [NetworkGraph]) -> [Double] { graphs.map { Double($0.nodes.count) } }
    }
    let data = try Dataset(
      device: "cpu", unit: "us",
      graphs: [chain("a", [Node(.input)]), chain("b", [Node(.input), Node(.output)])], latencies: [1, 4])
    let evaluation = try NodeCount().evaluate(on: data)
    #expect(evaluation.ids == ["a", "b"])
    #expect(evaluation.measured == [1, 4])
    #expect(evaluation.predicted == [1, 2])
    #expect(evaluation.unit == "us")
  }
}
