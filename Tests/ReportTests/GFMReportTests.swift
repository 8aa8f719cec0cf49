import Core
import Foundation
import Plot
import TestSupport
import Testing

@testable import Markup
@testable import Report

@Suite struct GFMReportTests {
  @Test func wholeReport() throws {
    let content = ReportContent(
      SampleReport.week.report, readFile: { _ in Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) })
    let (text, pictures, warnings) = GFMReport.text(of: content)
    #expect(warnings == [])
    #expect(pictures.map(\.name) == ["图.png"])
    try expectSnapshot(text, named: "report-zh.md")
  }

  @Test(arguments: [
    ("a *b* c", "a *b* c"), ("**重点：**后", "<strong>重点：</strong>后"), ("1\\. a", "1\\. a"), ("\\# a", "\\# a"),
    ("`` a`b ``", "``a`b``"), ("a<br>b", "a<br>b"), ("$x|y$", "$`x|y`$"), ("[a](<b c>)", "[a](b%20c)"),
    ("2 \\* 3", "2 \\* 3"),
  ])
  func inlines(markdown: String, text: String) {
    let content = ReportContent(SampleReport(markdown: markdown).report, formulas: Formulas.none)
    #expect(GFMReport.text(of: content).text == text + "\n")
  }

  @Test func barsInCodeDoNotEndTheCellsOfTables() {
    let markdown = "| a | b |\n| --- | --- |\n| `x\\|y` | c\\|d |\n"
    let content = ReportContent(SampleReport(markdown: markdown).report, formulas: Formulas.none)
    #expect(GFMReport.text(of: content).text == markdown)
  }

  @Test(arguments: [
    ("a|b", "a\\|b"), ("a\\|b", "a\\|b"), ("a\\\\|b", "a\\\\\\|b"), ("$`|x|`$", "$`\\|x\\|`$"), ("", ""),
  ])
  func barsInCellsAreEscapedOnce(markdown: String, cell: String) {
    #expect(MarkdownText.cell(markdown) == cell)
  }

  /// The written Markdown is read back as the same words, and contains only our own markup.
  @Test func anyTextIsReadAgainAsItWas() throws {
    var generator = SeededGenerator(seed: 9)
    let allowed = /<\/?(a( name="[^"]*")?|details|summary|strong|em|del|ins|u|sup|sub|kbd|mark|small|br)>/
    for _ in 0..<200 {
      let count = Int.random(in: 1...30, using: &generator)
      let markdown = (0..<count).map { _ in SampleReport.pieces.randomElement(using: &generator) ?? "" }.joined()
      let content = ReportContent(
        SampleReport(markdown: markdown).report, formulas: Formulas.none, readFile: { _ in nil })
      let text = GFMReport.text(of: content).text
      let read = Document(markdown: text, file: "report.md")
      for case .html(let html, _) in (read.blocks + read.footnotes.flatMap { $0 }).inlines.flatMap({ [$0].flattened }) {
        try #require(html.wholeMatch(of: allowed) != nil, "\(html) from \(markdown.debugDescription)")
      }
    }
  }
}
