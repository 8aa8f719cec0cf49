import Foundation
import Plot
import Testing

@testable import Runner

@Suite struct RenderedReportTests {
  private func rendered(_ formats: Set<ReportFormat>) -> RenderedReport {
    RenderedReport(SampleReport.week.report, formats: formats, readFile: { _ in nil })
  }

  @Test(arguments: [
    ([], ["index.html", "loss.png", "old.png", "report.json"]),
    ([ReportFormat.png, .pdf], ["index.html", "report.png", "report.pdf", "loss.png", "old.png", "report.json"]),
    ([.gfm], ["index.html", "report.md", "loss.png", "old.png", "report.json"]),
    ([.pages], ["index.html", "page-1.png", "page-2.png", "page-3.png", "loss.png", "old.png", "report.json"]),
  ])
  func filesOfFormats(formats: [ReportFormat], names: [String]) {
    #expect(rendered(Set(formats)).files.map(\.name) == names)
  }

  @Test func eachWarningOnce() {
    #expect(rendered(Set(ReportFormat.allCases)).warnings.map(\.cause) == ["there is no picture 图.png"])
  }

  @Test func sameReportSameBytes() {
    let all = Set(ReportFormat.allCases)
    #expect(rendered(all).files.map(\.data) == rendered(all).files.map(\.data))
  }

  /// Not a test of speed: prints how long every format takes when `LABBOOK_MEASURE` is set.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["LABBOOK_MEASURE"] != nil)) func measured() throws {
    let cells = Dictionary(
      uniqueKeysWithValues: (0..<200).map { ("c\($0)", SampleReport.cell("c\($0)", [.chart(SampleReport.chart)])) })
    let large = SampleReport(
      markdown: (0..<200).map { "```swift {#c\($0)}\n```" }.joined(separator: "\n\n"), cells: cells)
    for (name, report) in [("week", SampleReport.week.report), ("200 charts", large.report)] {
      for formats in [[], [ReportFormat.pdf], [.png], [.gfm], [.png, .pdf]] as [Set<ReportFormat>] {
        let (start, used) = (ContinuousClock.now, clock())
        let files = RenderedReport(report, formats: formats).files
        let wall = ContinuousClock.now - start
        print(
          name, formats.map(\.rawValue), files.count, "files,", wall, "wall,", Double(clock() - used) / 1e6,
          "s processor")
      }
    }
  }
}
