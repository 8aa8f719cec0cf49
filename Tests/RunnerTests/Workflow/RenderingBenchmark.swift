import Dispatch
import Foundation
import Plot
import TestSupport
import Testing

@testable import Engine
@testable import Report
@testable import Runner

/// A benchmark of rendering for `make bench-report`, which sets `LABBOOK_MEASURE`; it isn't a test.
///
/// It renders reports from the results that `labbook run` has stored with any build of Labbook.
@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["LABBOOK_MEASURE"] != nil))
struct RenderingBenchmark {
  @Test(arguments: ["2023-11-16", "2023-11-23", "2023-12-07", "quickstart"])
  func shippedReport(name: String) async throws {
    let file = DocumentationTests.root.appendingPathComponent("notebooks/\(name).md")
    let notebook = try Notebook(source: String(contentsOf: file, encoding: .utf8), file: file.path)
    let run = try await NotebookRun(notebook, store: Store(beside: notebook.folder))
    let outcome = try await run.run(NotebookRun.Options(onlyStored: true)) { _ in }
    let missing = outcome.cells.filter { $0.value.state == .left }.keys.sorted()
    #expect(missing.isEmpty, "no stored results of \(missing.joined(separator: ", ")): labbook run \(file.path)")
    Self.measure(name, run.report(outcome))
  }

  @Test func twoHundredCharts() throws {
    var state: UInt64 = 7
    func random() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) * 0x1p-53
    }
    let charts = (0..<200).map { number -> Chart in
      let measured = (0..<300).map { _ in 1 + 2 * random() }
      let series = PredictionSeries(
        measured: measured, predicted: measured.map { $0 * (0.85 + 0.3 * random()) }, unit: "ms")
      switch number % 5 {
      case 0:
        let losses = (0..<200).map { exp(-Double($0) / 50) * (0.8 + 0.4 * random()) }
        return .lossCurves([LossCurve(label: "a", training: losses, validation: losses.map { 1.1 * $0 + 0.01 })])
      case 1: return .predictedAgainstMeasured([series])
      case 2: return .relativeErrors([series])
      case 3: return .cumulativeErrors([series])
      default: return .boxes([Distribution(label: "设备", values: measured)], x: Axis("延时", unit: "ms"))
      }
    }
    let cells = Dictionary(
      uniqueKeysWithValues: charts.enumerated().map { ("c\($0)", SampleReport.cell("c\($0)", [.chart($1)])) })
    let sample = SampleReport(
      markdown: charts.indices.map { "```swift {#c\($0)}\n```" }.joined(separator: "\n\n"), cells: cells)
    Self.measure("200 charts", sample.report)
  }

  /// Prints the median of several rounds after one warm-up round.
  private static func measure(_ name: String, _ report: Report) {
    for formats in [[], [.pdf], [.png], [.png, .pdf]] as [Set<ReportFormat>] {
      var rounds: [(wall: Double, processor: Double)] = []
      var files: [PictureFile] = []
      for _ in 0...5 {
        let (start, used) = (ContinuousClock.now, clock())
        files = RenderedReport(report, formats: formats).files
        rounds.append(((ContinuousClock.now - start) / .milliseconds(1), Double(clock() - used) / 1e3))
      }
      let median = rounds.dropFirst().sorted { $0.wall < $1.wall }[2]
      let names = (["HTML and charts"] + formats.map { $0.rawValue.uppercased() }.sorted()).joined(separator: ", ")
      let sizes = files.filter { ["index.html", "report.png", "report.pdf"].contains($0.name) }
        .map { "\($0.name) \($0.data.count / 1000) KB" }.joined(separator: ", ")
      print(
        "\(name): \(names): \(Int(median.wall.rounded())) ms, \(Int(median.processor.rounded())) ms of processor "
          + "time; \(sizes)"
      )
    }
  }
}
