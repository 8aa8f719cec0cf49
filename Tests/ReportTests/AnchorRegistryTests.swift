import TestSupport
import Testing

@testable import Report

@Suite struct AnchorRegistryTests {
  /// Anchors are numbered as on GitHub.
  @Test(arguments: [
    (["Results", "Results", "Results"], ["results", "results-1", "results-2"]),
    (["Header", "Header", "Header-1"], ["header", "header-1", "header-1-1"]),
    (["A-1", "A", "A"], ["a-1", "a", "a-2"]), (["结果", "结果"], ["结果", "结果-1"]),
    (["🎉 Done", "C++ & C#", "a\tb", "x_y-z", "é É"], ["-done", "c--c", "ab", "x_y-z", "é-é"]),
  ])
  func headings(titles: [String], anchors: [String]) {
    var registry = AnchorRegistry()
    #expect(titles.map { registry.add(heading: $0) } == anchors)
  }

  /// The title is a heading in report.md, too, so GitHub counts it.
  @Test func linksOfTheMarkdownReportCountItsTitle() {
    var sample = SampleReport(markdown: "[here](#results)\n\n# Results\n")
    #expect(GFMReport.text(of: ReportContent(sample.report)).text.contains("(#results)"))
    sample.title = "Results"
    #expect(GFMReport.text(of: ReportContent(sample.report)).text.contains("(#results-1)"))
  }
}
