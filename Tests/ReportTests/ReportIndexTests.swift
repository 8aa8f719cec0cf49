import Basics
import Engine
import Foundation
import Plot
import TestSupport
import Testing

@testable import Report
@testable import Wire

@Suite struct ReportIndexTests {
  private func summary(_ title: String, _ date: String?, accuracy: Double?, files: [String] = []) -> ReportSummary {
    var report = SampleReport(title: title, markdown: "x").report
    report.frontMatter.date = date
    if let accuracy {
      report.headline = [
        MetricChange(
          name: "accuracy", old: RecordedMetric("accuracy", 0.5, better: .higher, format: .percent(1)),
          new: RecordedMetric("accuracy", accuracy, better: .higher, format: .percent(1)))
      ]
    }
    return ReportSummary(ReportContent(report), files: files, written: [])
  }

  @Test func newestFirstWithTheKeyFigure() throws {
    let index = ReportIndex([
      .init(folder: "b", summary: summary("Second", "2023-11-23", accuracy: 0.75, files: ["report.pdf"])),
      .init(folder: "a b", summary: summary("First", "2023-11-10/2023-11-16", accuracy: 0.25)),
      .init(folder: "q", summary: summary("Quickstart", nil, accuracy: nil)),
    ])
    let html = index.html
    let check = PageCheck(html)
    #expect(check.problems == [])
    #expect(check.addresses == ["./b/index.html", "./b/report.pdf", "./a%20b/index.html", "./q/index.html"])
    #expect(check.text.contains("75.0% +25.0 points, better than 50.0%"))
    let key = try #require(index.keyFigure)
    #expect(key.name == "accuracy" && key.values == [0.25, 0.75] && key.days[1] - key.days[0] == 7)
    #expect(html == ReportIndex(reading: URL(fileURLWithPath: "/nowhere")).html || html.contains("<svg "))
  }

  @Test func summariesAreReadAsWritten() {
    let summary = summary("<T>", "2023-W46", accuracy: .nan)
    #expect(ReportSummary(json: summary.json)?.title == "<T>")
    #expect(ReportSummary(json: Data("{\"version\":2}".utf8)) == nil)
    #expect(ReportSummary(json: Data("broken".utf8)) == nil)
  }

  @Test(arguments: [
    ("2023-11-16", "2023-11-16"), ("2023-11-10/2023-11-16", "2023-11-16"), ("2023-W46", "2023-11-19"),
    ("2020-W53", "2021-01-03"),
    ("2024-W01", "2024-01-07"), ("November", nil), ("2023-11-16/x", nil),
  ])
  func lastDays(text: String, day: String?) {
    #expect(CalendarDay.last(text) == day.flatMap { CalendarDay($0) })
  }
}
