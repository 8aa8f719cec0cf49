import Core
import Foundation
import Plot
import TestSupport
import Testing

@testable import Markup
@testable import Proof
@testable import Report
@testable import Wire

@Suite struct RunComparisonTests {
  static func run(
    _ name: String, notebook: String, accuracy: Double, gap: Double, parameters: [(String, String)],
    figures: [ComparedRun.Figure] = [], language: String = "en"
  ) -> ComparedRun {
    ComparedRun(
      name: name, notebook: notebook, date: Date(timeIntervalSince1970: 1_700_000_000), language: language,
      metrics: [
        RecordedMetric("平均精度", accuracy, better: .higher, format: .percent(1)),
        RecordedMetric("gap | max", gap, unit: "ms", better: .lower, format: .decimals(4)),
      ], parameters: parameters.map { HistoryRun.Parameter(name: $0.0, value: $0.1) }, figures: figures)
  }

  static func losses(_ values: [Double], cell: String = "train", title: Phrase? = Phrase(.lossCurves))
    -> ComparedRun.Figure
  {
    ComparedRun.Figure(
      cell: cell, number: 1,
      chart: Chart.lossCurves([LossCurve(label: "lr 0.001", training: values, validation: values)], title: title)
        .reducedToLines())
  }

  static let old = run(
    "week1.html", notebook: "2023-11-16", accuracy: 0.928, gap: 0.1052,
    parameters: [("epochs", "100"), ("width", "64"), ("gone", "\"a\"")], figures: [losses([3, 2, 1])])
  static let new = run(
    "week2.html", notebook: "2023-11-23", accuracy: 0.951, gap: 0.1152,
    parameters: [("epochs", "500"), ("width", "64"), ("new", "1.5")], figures: [losses([2.5, 1.5, 0.5])],
    language: "zh-Hans")

  @Test func textIsAligned() {
    let text = RunComparison(Self.old, Self.new).text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(text[0].hasPrefix("old  week1.html  2023-11-1"))
    #expect(
      text.dropFirst(3).joined(separator: "\n") == """
        metric     2023-11-16  2023-11-23   change  relative  verdict
        平均精度        92.8%       95.1%     +2.3            better
        gap | max   0.1052 ms   0.1152 ms  +0.0100     +9.5%  worse

        parameter  before  now
        epochs     100     500
        new        –       1.5
        gone       "a"     –

        """)
  }

  @Test func markdownIsInTheNewersLanguage() {
    #expect(
      RunComparison(Self.old, Self.new).markdown == """
        | 指标 | 2023-11-16 | 2023-11-23 | 变化 | 相对变化 | 评价 |
        | --- | ---: | ---: | ---: | ---: | --- |
        | 平均精度 | 92.8% | 95.1% | +2.3 |  | 更好 |
        | gap \\| max | 0.1052 ms | 0.1152 ms | +0.0100 | +9.5% | 更差 |

        | 参数 | 上次 | 本次 |
        | --- | --- | --- |
        | epochs | 100 | 500 |
        | new | – | 1.5 |
        | gone | "a" | – |

        """)
  }

  @Test func jsonHasTheNumbers() throws {
    struct Document: Decodable {
      struct Metric: Decodable {
        var name: String
        var old: Double?
        var new: Double?
        var judgement: String
      }
      var metrics: [Metric]
      var parameters: [RunComparison.ParameterChange]
      var figures: [String]
    }
    let document = try JSONDecoder().decode(Document.self, from: Data(RunComparison(Self.old, Self.new).json.utf8))
    #expect(document.metrics.map(\.judgement) == ["better", "worse"])
    #expect(document.metrics[0].old == 0.928)
    #expect(document.parameters.map(\.name) == ["epochs", "new", "gone"])
    #expect(document.figures == ["train"])
  }

  @Test func nothingChanged() {
    #expect(RunComparison(Self.old, Self.old).text.hasSuffix("\n\nno parameter changed\n"))
    var bare = Self.old
    bare.metrics = []
    bare.figures = []
    #expect(RunComparison(bare, bare).text.contains("neither records a metric"))
    #expect(RunComparison(bare, Self.new).figures.isEmpty)
  }

  @Test func bothCurvesStandInOneChart() throws {
    let comparison = RunComparison(Self.old, Self.new)
    let chart = try #require(comparison.figures.first?.chart)
    func highest(_ layer: Layer) -> Double? { if case .line(_, let y) = layer.mark { y.first } else { nil } }
    #expect(chart.panels[0].layers.map(highest) == [3, 3, 2.5, 2.5])
    #expect(chart.panels[0].layers.map { $0.label != nil } == [false, false, true, true])
    #expect(chart.panels[0].layers[0].style.opacity < chart.panels[0].layers[2].style.opacity)
    #expect(chart.legend.map { $0.label.text(language: "en") } == ["2023-11-23", "2023-11-16"])
    let page = HTMLReport.page(for: comparison.report) { _ in nil }
    #expect(page.warnings.isEmpty)
    #expect(PageCheck(page.html).problems.isEmpty)
    #expect(PageCheck(page.html).text.contains("2023-11-16 → 2023-11-23"))
  }

  /// The pairs of figures of two runs that are overlaid.
  @Test func figuresArePairedByCellOrByAxes() {
    func pairs(_ old: [ComparedRun.Figure], _ new: [ComparedRun.Figure]) -> [String] {
      var (left, right) = (Self.old, Self.new)
      left.figures = old
      right.figures = new
      return RunComparison(left, right).figures.map(\.name)
    }
    let (a, b) = (Self.losses([3, 2], cell: "a"), Self.losses([4, 3], cell: "b"))
    let errors = ComparedRun.Figure(
      cell: "a", number: 2,
      chart: Chart.cumulativeErrors([PredictionSeries(label: "", measured: [1, 2], predicted: [1.1, 2], unit: "ms")])
        .reducedToLines())
    #expect(pairs([a, b], [b, a]) == ["b", "a"])
    #expect(pairs([a], [b]) == ["b"])
    #expect(pairs([a], [errors]).isEmpty)
    #expect(pairs([a, errors], [errors, b]) == ["a-2", "b"])
    #expect(pairs([], [a]).isEmpty)
  }

  @Test func longLinesAreThinnedForThePage() {
    let values = (0..<5000).map { 1 / Double($0 + 1) }
    let chart = Chart.lossCurves([LossCurve(training: values)]).reducedToLines()
    let counts = chart.panels[0].layers.compactMap { layer -> Int? in
      if case .line(let x, let y) = layer.mark { x.count == y.count ? y.count : nil } else { nil }
    }
    #expect(counts == [200])
    guard case .line(let x, _) = chart.panels[0].layers[0].mark else { return }
    #expect(x.first == 1)
    #expect(x.last == 5000)
  }
}
