import Foundation
import Plot
import TestSupport
import Testing

@testable import Engine
@testable import Report

@Suite struct AlignedDecimalsTests {
  @Test func missingDecimalsTakeTheirRoom() {
    let padding = AlignedDecimals.padding(["1.25", "10.5", "−3", "–", "n/a", "1,000"])
    #expect(padding == ["", "\u{2007}", "\u{2008}\u{2007}\u{2007}", "", "", "\u{2008}\u{2007}\u{2007}"])
    #expect(AlignedDecimals.padding(["81.9 %", "72 %"]) == ["", "\u{2008}\u{2007}"])
  }

  /// Beside a number with three decimals, each value is padded if it is a number, too.
  @Test(
    arguments: [
      ("+1.5", true), ("-1.5", true), ("1,234.5", true), ("1\u{202F}234.5", true), ("1.5\u{A0}%", true), ("1.5%", true),
      ("1.", false), (".5", false), ("1,", false), ("1.5.5", false), ("1.5 ms", false), ("1.5  %", false), ("", false),
      ("%", false), ("2023-11", false), ("１.5", true),
    ])
  func onlyNumbersArePadded(text: String, isNumber: Bool) {
    #expect(AlignedDecimals.padding(["0.125", text])[1].isEmpty != isNumber)
  }
}

@Suite struct SwiftColouringTests {
  @Test func tokensHaveTheirClasses() {
    let html = SwiftColouring.html("let a: Int = 1 // \"<\"\nprint(\"x\")\n", marked: 2).source
    #expect(
      html == """
        <span class="k">let</span> a: <span class="t">Int</span> = <span class="n">1</span> <span class="c">// \
        &quot;&lt;&quot;</span>
        <mark>print(<span class="s">&quot;x&quot;</span>)</mark>

        """)
  }

  @Test(arguments: [
    "let x = \"\"\"\n  a\n  b\n  \"\"\"\n", "/* a\n b */\n", "let 变量 = \"中文\"\n", "if (((\n", "\n\n", "a\tb\n",
  ])
  func nothingOfTheSourceIsLost(source: String) {
    let text = SwiftColouring.html(source).source.replacing(/<[^>]*>/, with: "")
    #expect(text.replacing("&quot;", with: "\"") == source)
  }
}

@Suite struct PictureDataTests {
  @Test(
    arguments: [
      ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0], "image/png"), ([0xFF, 0xD8, 0xFF, 0xE0], "image/jpeg"),
      (Array("GIF89a".utf8), "image/gif"), (Array("RIFF1234WEBPVP8".utf8), "image/webp"),
      (Array("\n<svg xmlns=''/>".utf8), "image/svg+xml"),
      (Array("<?xml version='1.0'?><svg/>".utf8), "image/svg+xml"), (Array("<html><svg>".utf8), nil), ([], nil),
    ] as [([UInt8], String?)])
  func mediaTypeByContent(bytes: [UInt8], type: String?) {
    #expect(PictureData.mediaType(Data(bytes)) == type)
  }
}

@Suite struct ReportNumberingTests {
  @Test func cellsNamesGiveAnchorsAndFiles() {
    let names = ["loss", "loss-2", "fig-误差", "a/b c"]
    let markdown = names.map { "```swift {#\($0)}\n```\n" }.joined(separator: "\n")
    let cells = Dictionary(
      uniqueKeysWithValues: names.map {
        ($0, SampleReport.cell($0, [.chart(SampleReport.chart), .chart(SampleReport.chart)]))
      })
    let report = SampleReport(markdown: "# Fig loss\n\n" + markdown, cells: cells).report
    let numbering = ReportNumbering(report)
    #expect(
      numbering.targetNames == [
        "fig-loss", "fig-loss-3", "fig-loss-2", "fig-loss-2-2", "fig-误差", "fig-误差-2", "fig-a/b-c", "fig-a/b-c-2",
      ])
    #expect(
      PictureFile.pictures(of: report, scale: 1).files.map(\.name) == [
        "loss.png", "loss-3.png", "loss-2.png", "loss-2-2.png", "fig-误差.png", "fig-误差-2.png", "a-b-c.png",
        "a-b-c-2.png",
      ])
    #expect(numbering.headings.map(\.anchor) == ["fig-loss-1"])
    #expect(PageCheck(HTMLReport.page(for: report).html).problems == [])
  }

  /// The outputs of a cell that wasn't run are unknown, so links to them get no warning. Links to other missing
  /// anchors do.
  @Test(
    arguments: [
      ("fig-late", 0), ("fig-late-2", 0), ("tbl-late", 0), ("fig-bad", 0), ("fig-hidden", 1), ("fig-done", 1),
      ("fig-lat", 1), ("fig-late-x", 1),
    ])
  func linksToCellsThatWereNotRunAreNoMistakes(fragment: String, warnings: Int) {
    var hidden = CellOptions()
    hidden.include = false
    let cells = [
      "late": SampleReport.cell("late", state: .blocked, needs: ["bad"]),
      "bad": SampleReport.cell("bad", failure: CellFailure(message: "no")),
      "hidden": SampleReport.cell("hidden", state: .left, options: hidden),
      "done": SampleReport.cell("done"),
    ]
    let markdown =
      "[](#\(fragment))\n\n" + cells.keys.sorted().map { "```swift {#\($0)}\n```\n" }.joined(separator: "\n")
    let page = SampleReport(markdown: markdown, cells: cells).page()
    #expect(page.warnings.count == warnings)
    #expect(PageCheck(page.html).problems == [])
  }

  /// The page has nothing of a hidden cell, so that no link can lead to it.
  @Test func cellsWithoutPartsHaveNoAnchors() {
    var hidden = CellOptions()
    hidden.include = false
    var silent = CellOptions()
    silent.echo = false
    let cells = [
      "hidden": SampleReport.cell("hidden", [.printed("a")], state: .stale, options: hidden),
      "shown": SampleReport.cell("shown", state: .stale),
      "silent": SampleReport.cell("silent", options: silent),
    ]
    let markdown =
      "[a](#cell-hidden) [b](#cell-silent) [c](#cell-shown)\n\n"
      + cells.keys.sorted().map { "```swift {#\($0)}\n```\n" }.joined(separator: "\n")
    let sample = SampleReport(markdown: markdown, cells: cells)
    let content = ReportContent(sample.report, formulas: Formulas.none)
    #expect(cells.keys.sorted().map { content.numbering.anchor(cell: $0) } == [nil, "cell-shown", nil])
    #expect(content.troubles.map(\.anchor) == ["cell-shown"])
    let page = sample.page()
    #expect(page.warnings.count == 2)
    #expect(PageCheck(page.html).problems == [])
  }

  @Test func cellsHavePartsIfAnyIsShown() {
    let content = ReportContent(SampleReport(markdown: "").report, formulas: Formulas.none)
    for bits in 0..<32 {
      var options = CellOptions()
      options.include = bits & 1 == 0
      options.echo = bits & 2 == 0
      options.output = bits & 4 == 0
      options.evaluate = bits & 8 == 0
      let outputs: [CellOutput] = bits & 16 == 0 ? [] : [.printed("a")]
      for state in [CellState.fresh, .stale, .blocked] {
        let cell = SampleReport.cell("c", outputs, state: state, options: options)
        #expect(content.parts(of: cell).isEmpty != cell.hasParts)
      }
      let failed = SampleReport.cell("c", outputs, failure: CellFailure(message: "no"), options: options)
      #expect(content.parts(of: failed).isEmpty != failed.hasParts)
    }
  }

  @Test func emptyAlternativesAreNone() {
    var options = CellOptions()
    options.figureAlternatives = ["", "Second"]
    let cell = SampleReport.cell("c", [.chart(SampleReport.chart), .chart(SampleReport.chart)], options: options)
    let content = ReportContent(SampleReport(markdown: "").report, formulas: Formulas.none)
    #expect(content.chart(SampleReport.chart, of: cell, output: 0) == SampleReport.chart)
    #expect(content.chart(SampleReport.chart, of: cell, output: 1).summary == ["Second"])
  }

  @Test(
    arguments: [
      ("report.pdf", true), ("report-2.png", true), ("page-1.png", true), ("page-12.png", true), ("page-01.png", false),
      ("page.png", false), ("train-2.png", false), ("report-2.pdf", false), ("my-page-1.png", false),
    ])
  func filesOfFormatsAreKnownByTheirNames(name: String, isReportFile: Bool) {
    #expect(ReportFormat.isReportFile(name) == isReportFile)
  }

  @Test func headingsDoNotTakeThePagesOwnNames() {
    let markdown = "# Contents\n\n# Report\n\n# fn 1\n\n# cell c\n\na[^1]\n\n[^1]: b\n\n```swift {#c}\n```\n"
    let page = SampleReport(markdown: markdown, cells: ["c": SampleReport.cell("c")]).page()
    #expect(PageCheck(page.html).problems == [])
  }

  @Test(arguments: [("A B", "a-b"), ("划分：方式", "划分方式"), ("1.2 Über `x_y`", "12-über-x_y"), ("!!!", "section")])
  func headingsAreNamedAsOnGitHub(heading: String, slug: String) {
    #expect(AnchorRegistry.slug(heading.replacing("`", with: "")) == slug)
  }
}
