import Core
import Foundation
import Plot
import TestSupport
import Testing

@testable import Engine
@testable import Report

@Suite struct HTMLReportTests {
  private static let week = SampleReport.week
  private static let onePixel: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  @Test func wholeReport() throws {
    let page = Self.week.page(files: ["图.png": Self.onePixel])
    #expect(page.warnings == [])
    #expect(PageCheck(page.html).problems == [])
    try expectSnapshot(Self.withoutDrawings(page.html), named: "report-zh.html")
  }

  /// The page without drawings and the style sheet, which have their own tests and would hide changes here.
  private static func withoutDrawings(_ html: String) -> String {
    html.replacing(/<svg[\s\S]*?<\/svg>/, with: "<svg/>").replacing(/<style>[\s\S]*?<\/style>/, with: "<style/>")
  }

  @Test func eachChartIsDrawnInline() {
    let html = Self.week.page().html
    #expect(html.contains("aria-labelledby"))
    #expect(html.matches(of: #/<div class="wide"[^>]*><svg /#).count == 2)
    #expect(PictureFile.pictures(of: Self.week.report, scale: 1).files.map(\.name) == ["loss.png", "old.png"])
  }

  /// An empty heading would be announced by screen readers.
  @Test func whatHeadsAColumnHasText() {
    let table = Table(columns: ["", "MAPE"], rows: [["GCN", "4.0%"]])
    let html = SampleReport(
      language: "en", markdown: "| | a |\n| --- | --- |\n| x | 1 |\n\n```swift {#results}\n```\n",
      cells: ["results": SampleReport.cell("results", [.table(table)])]
    ).page().html
    #expect(html.contains(#/<td><\/td><th scope="col">a<\/th>/#))
    #expect(html.contains(#/<td><\/td><th [^>]*>MAPE<\/th>/#))
    #expect(PageCheck(html).problems == [])
  }

  // MARK: References

  private func references(_ markdown: String, language: String = "en") -> (String, [String]) {
    let sample = SampleReport(
      language: language,
      markdown: markdown + "\n\n```swift {#loss}\n```\n\n```swift {#fig-two}\n```\n\n```swift {#empty}\n```\n",
      cells: [
        "loss": SampleReport.cell(
          "loss", [.chart(SampleReport.chart), .chart(SampleReport.chart), .table(SampleReport.table)]),
        "fig-two": SampleReport.cell("fig-two", [.chart(SampleReport.chart)]),
        "empty": SampleReport.cell("empty"),
      ])
    let page = sample.page()
    #expect(PageCheck(page.html).problems == [])
    let paragraph = page.html.firstMatch(of: /<p>([\s\S]*?)<\/p>/).map { String($0.1) } ?? ""
    return (paragraph.replacing("\u{A0}", with: " "), page.warnings)
  }

  @Test(arguments: [
    ("[](#fig-loss)", "<a class=\"reference\" href=\"#fig-loss\">Figure 1</a>"),
    ("[Figure](#fig-loss-2)", "<a class=\"reference\" href=\"#fig-loss-2\">Figure 2</a>"),
    ("[Fig. 9](#fig-two)", "<a class=\"reference\" href=\"#fig-two\">Figure 3</a>"),
    ("[the *curve*](#fig-two)", "<a class=\"reference\" href=\"#fig-two\">the <em>curve</em> (Figure 3)</a>"),
    ("[table](#tbl-loss)", "<a class=\"reference\" href=\"#tbl-loss\">Table 1</a>"),
  ])
  func numberedReferences(markdown: String, html: String) {
    let (paragraph, warnings) = references(markdown)
    #expect(paragraph == html)
    #expect(warnings == [])
  }

  @Test(arguments: [
    ("见[](#fig-loss)。", "见<a class=\"reference\" href=\"#fig-loss\">图 1</a>。"),
    ("[表](#tbl-loss)", "<a class=\"reference\" href=\"#tbl-loss\">表 1</a>"),
    ("[损失曲线](#fig-two)", "<a class=\"reference\" href=\"#fig-two\">损失曲线（图 3）</a>"),
  ])
  func numberedReferencesInChinese(markdown: String, html: String) {
    #expect(references(markdown, language: "zh-Hans").0 == html)
  }

  @Test func referencesToNothingAreWarnedOf() {
    let (paragraph, warnings) = references("[](#fig-empty) [x](#tbl-none) [y](#nowhere)")
    #expect(
      paragraph
        == "<a class=\"missing\" href=\"#cell-empty\">Figure ?</a> <span class=\"missing\">x (Table ?)</span> y")
    #expect(
      warnings == [
        """
        week.md:1:1: there is no figure “fig-empty”
          The report has: fig-loss, fig-loss-2, fig-two, tbl-loss.
        """,
        """
        week.md:1:16: there is no table “tbl-none”
          The report has: fig-loss, fig-loss-2, fig-two, tbl-loss.
        """,
        """
        week.md:1:31: nothing in the report is named “nowhere”
          Headings are named as on GitHub.
        """,
      ])
  }

  @Test func headingsCanBeLinkedTo() {
    let page = SampleReport(markdown: "[去](#划分-方式) [](#a-b-1)\n\n# 划分 方式！\n\n# A b\n\n# a *b*").page()
    #expect(page.html.contains("<a href=\"#划分-方式\">去</a> <a href=\"#a-b-1\">a b</a>"))
    #expect(page.warnings == [])
    #expect(PageCheck(page.html).problems == [])
  }

  // MARK: Pictures

  @Test func picturesStandInThePage() {
    let sample = SampleReport(markdown: "![a](p.png) ![b](none.png) ![c](text.png) ![d](https://x.y/z.png)")
    let page = sample.page(files: ["p.png": Self.onePixel, "text.png": Array("<html>".utf8)])
    #expect(page.html.contains("<img src=\"data:image/png;base64,iVBORw0KGgo=\" alt=\"a\"/>"))
    #expect(page.warnings.count == 3)
    #expect(
      page.warnings.first == """
        week.md:1:13: the picture none.png can't be read
          Paths are relative to the notebook's folder. A picture may have at most 64 MiB.
        """)
    #expect(PageCheck(page.html).text.contains("The picture “b” is missing."))
  }

  // MARK: Cells

  @Test func optionsHideParts() {
    func text(_ change: (inout CellOptions) -> Void) -> String {
      var options = CellOptions()
      change(&options)
      let cell = SampleReport.cell("c", [.printed("printed")], options: options)
      return PageCheck(SampleReport(markdown: "```swift {#c}\nsource\n```", cells: ["c": cell]).page().html).text
    }
    #expect(text { _ in }.contains("source") && text { _ in }.contains("printed"))
    #expect(!text { $0.echo = false }.contains("source") && text { $0.echo = false }.contains("printed"))
    #expect(text { $0.output = false }.contains("source") && !text { $0.output = false }.contains("printed"))
    #expect(!text { $0.include = false }.contains("source") && !text { $0.include = false }.contains("printed"))
  }

  @Test func aFailureShowsEvenInAHiddenCell() {
    var options = CellOptions()
    options.include = false
    let cell = SampleReport.cell("c", failure: CellFailure(message: "broken"), options: options)
    let text = PageCheck(SampleReport(markdown: "```swift {#c}\n```", cells: ["c": cell]).page().html).text
    #expect(text.contains("broken"))
    #expect(text.contains("1 cell failed"))
  }

  @Test func longOutputIsFolded() {
    let lines = (1...100).map { "line \($0)" }.joined(separator: "\n")
    let cell = SampleReport.cell("c", [.printed(lines)])
    let html = SampleReport(markdown: "```swift {#c}\n```", cells: ["c": cell]).page().html
    #expect(html.contains("<summary>84 more lines</summary>"))
    #expect(html.contains("line 16</samp>") && html.contains("<samp>line 17"))
  }

  @Test func bestValuesAreMarkedAndPointsAligned() {
    let table = Table(
      columns: [.number("a", better: .lower), "b"],
      rows: [[Table.Value.number(2), "x"], [Table.Value.number(1), "y"]])
    let html = SampleReport(markdown: "```swift {#c}\n```", cells: ["c": SampleReport.cell("c", [.table(table)])])
      .page().html
    #expect(html.contains("<td class=\"right\"><strong title=\"best\">1</strong></td>"))
    #expect(html.contains("<td class=\"right\">2</td>"))
  }

  @Test func barsStandBesideNumbers() {
    let table = Table(
      columns: ["device", .number("change", decimals: 1, better: .higher).bars()],
      rows: [["a", -1.0], ["b", 3.0], ["c", nil]])
    let page = SampleReport(
      markdown: "```swift {#t}\n```", cells: ["t": SampleReport.cell("t", [.table(table)])]
    ).page()
    #expect(page.html.contains("<span style=\"left:0.0%;width:25.0%\">"))
    #expect(page.html.contains("<span class=\"best\" style=\"left:25.0%;width:75.0%\">"))
    #expect(page.html.components(separatedBy: "class=\"bar\"").count == 3)
    #expect(PageCheck(page.html).problems == [])
  }

  @Test func chartsShareTheirLetters() {
    func page(_ count: Int) -> String {
      SampleReport(
        markdown: "```swift {#c}\n```",
        cells: ["c": SampleReport.cell("c", Array(repeating: .chart(SampleReport.chart), count: count))]
      ).page().html
    }
    func outlines(_ html: String) -> Int { html.components(separatedBy: "<path id=\"g.").count - 1 }
    #expect(outlines(page(1)) > 10 && outlines(page(3)) == outlines(page(1)))
    let html = page(2)
    let references = html.matches(of: /href="#(g\.[0-9a-z]+)"/).map { String($0.1) }
    #expect(references.allSatisfy { html.contains("<path id=\"\($0)\"") } && !references.isEmpty)
    #expect(PageCheck(html).problems == [])
  }
}
