import Foundation
import Plot
import TestSupport
import Testing

@testable import Engine
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
    #expect(rendered(Set(ReportFormat.allCases)).warnings.map(\.cause) == ["the picture 图.png can't be read"])
  }
}
