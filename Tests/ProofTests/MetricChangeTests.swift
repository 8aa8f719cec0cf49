import Plot
import Testing

@testable import Proof
@testable import Report
@testable import Wire

@Suite struct MetricChangeTests {
  static let accuracy = RecordedMetric("精度", 0.9281, better: .higher, format: .percent(1))
  static let gap = RecordedMetric("gap", 0.1052, unit: "ms", better: .lower, format: .decimals(4))
  static let count = RecordedMetric("epochs", 20, format: .integer)
  static let loss = RecordedMetric("loss", 0.031234, better: .lower)

  @Test(
    arguments: [
      (accuracy, 0.9516, "+2.4", nil, MetricChange.Judgement.better),
      (accuracy, 0.9011, "−2.7", nil, .worse),
      // The displayed texts are equal.
      (accuracy, 0.92812, "±0", nil, .same),
      (gap, 0.0744, "−0.0308", "−29.3%", .better),
      (gap, 0.2, "+0.0948", "+90.1%", .worse),
      (count, 40, "+20", "+100.0%", .none),
      (loss, 0.0301, "−0.00113", "−3.6%", .better),
      (loss, .nan, nil, nil, .none),
      (loss, .infinity, nil, nil, .none),
    ] as [(RecordedMetric, Double, String?, String?, MetricChange.Judgement)])
  func changes(
    old: RecordedMetric, value: Double, difference: String?, relative: String?, judgement: MetricChange.Judgement
  ) {
    var new = old
    new.value = value
    let change = MetricChange(name: old.name, old: old, new: new)
    #expect(change.differenceText == difference)
    #expect(change.relativeText == relative)
    #expect(change.judgement == judgement)
  }

  @Test func figuresOfOneSideAlone() {
    let changes = MetricChange.changes(from: [Self.gap, Self.loss], to: [Self.count, Self.gap])
    #expect(changes.map(\.name) == ["epochs", "gap", "loss"])
    #expect(changes.map(\.judgement) == [.none, .same, .none])
    #expect(changes.map(\.differenceText) == [nil, "±0", nil])
  }

  @Test func otherUnitsAreNotCompared() {
    var seconds = Self.gap
    seconds.unit = "s"
    let change = MetricChange(name: "gap", old: Self.gap, new: seconds)
    #expect(change.difference == nil)
    #expect(change.judgement == .none)
  }
}
