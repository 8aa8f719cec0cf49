import Core
import Plot
import TestSupport
import Testing

@testable import Paper
@testable import Report

@Suite struct PageBreakerTests {
  private func pages(_ sample: SampleReport, style: PageStyle = .a4) throws -> [Page] {
    let content = ReportContent(sample.report, readFile: { _ in nil })
    return PageBreaker.pages(of: try PaperReport.flow(of: content, style: style).flow, style: style)
  }

  @Test func wholeReport() throws {
    try expectSnapshot(PageText.text(pages(SampleReport.week)), named: "pages-zh.txt")
    try expectSnapshot(PageText.text(pages(SampleReport.week, style: .image)), named: "image-zh.txt")
  }

  @Test func tablesGoOnUnderTheirHeader() throws {
    let table = Table(
      columns: ["name", .integer("number")], rows: (1...90).map { (number: Int) in ["row \(number)", number] })
    let pages = try pages(
      SampleReport(markdown: "```swift {#t}\n```", cells: ["t": SampleReport.cell("t", [.table(table)])]))
    #expect(pages.count == 3)
    for (number, page) in pages.enumerated() {
      let words = PageText.words(page)
      #expect(words.count { $0 == "name" } == 1)
      #expect(words.firstIndex(of: "name") == (number == 0 ? 1 : 0))
    }
    let rows = pages.flatMap(PageText.words).filter { $0.hasPrefix("row ") }
    #expect(rows == (1...90).map { "row \($0)" })
    // The last row isn't alone on its page.
    #expect(PageText.words(pages[2]).count { $0.hasPrefix("row ") } >= 2)
  }

  /// A footnote of Markdown that a cell shows is below that Markdown, also if a table refers to it.
  @Test func footnotesInTablesOfCellsAreTheirOwn() throws {
    let shown = "| a[^1] |\n| --- |\n| b[^1] |\n\n[^1]: Own."
    let sample = SampleReport(
      markdown: "Text.[^1]\n\n```swift {#c}\n```\n\n[^1]: Other.",
      cells: ["c": SampleReport.cell("c", [.markdown(shown)])])
    let content = ReportContent(sample.report, formulas: Formulas.none, readFile: { _ in nil })
    let flow = try PaperReport.flow(of: content, style: .a4).flow
    #expect(flow.strips.flatMap(\.notes) == [1])
    let headerNotes = flow.headers.flatMap { $0 }.flatMap(\.notes)
    #expect(headerNotes.isEmpty)
  }

  @Test func footnotesStandOnThePageThatRefersToThem() throws {
    let filler = (1...30).map { "Paragraph \($0) is here to fill the page." }.joined(separator: "\n\n")
    let pages = try pages(
      SampleReport(markdown: "First.[^a]\n\n\(filler)\n\nLast.[^b]\n\n[^a]: Note one.\n\n[^b]: Note two."))
    #expect(pages.count == 2)
    #expect(PageText.words(pages[0]).contains("Note one.") && !PageText.words(pages[0]).contains("Note two."))
    #expect(PageText.words(pages[1]).contains("Note two."))
    #expect(pages.allSatisfy { $0.notesRule != nil })
    // In one tall picture the footnotes are at the end.
    let image = try self.pages(SampleReport(markdown: "First.[^a]\n\nLast.\n\n[^a]: Note."), style: .image)
    #expect(PageText.words(image[0]).suffix(2).contains("Note."))
  }

  @Test func figuresAreSqueezedRatherThanPutOff() throws {
    let filler = (1...19).map { "Paragraph \($0)." }.joined(separator: "\n\n")
    let pages = try pages(
      SampleReport(
        markdown: "\(filler)\n\n```swift {#c}\n```", cells: ["c": SampleReport.cell("c", [.chart(SampleReport.chart)])])
    )
    #expect(pages.count == 1)
    let chart = try #require(pages[0].strips.first { $0.strip.leastHeight != nil })
    #expect(chart.strip.height < SampleReport.chart.size.height * 0.95)
    #expect(chart.strip.height >= (chart.strip.leastHeight ?? 0))
  }

  private static let pieces = [
    "# Heading", "## Another\n\n### Below it",
    "A paragraph of several words. " + String(repeating: "More of them. ", count: 40),
    "短句。", "- one\n- two\n  - three", "| a | b |\n| --- | --- |\n| 1 | 2 |\n| 3 | 4 |", "> quoted\n>\n> twice",
    "```\ncode\n```", "```swift {#c}\n```", "$$\\frac{a}{b}$$", "text[^1]\n\n[^1]: note", "---",
  ]

  /// For any report, its strips are in order, none is lost or beyond its page, and only the last page may end with a
  /// heading.
  @Test func anyReportIsDividedWell() throws {
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<40 {
      let count = Int.random(in: 1...40, using: &generator)
      let markdown = (0..<count).map { _ in Self.pieces.randomElement(using: &generator) ?? "" }.joined(
        separator: "\n\n")
      let sample = SampleReport(
        title: "T", markdown: markdown, cells: ["c": SampleReport.cell("c", [.chart(SampleReport.chart)])])
      let content = ReportContent(sample.report, formulas: Formulas.none, readFile: { _ in nil })
      for style in [PageStyle.a4, .letter, .image] {
        let flow = try PaperReport.flow(of: content, style: style).flow
        let pages = PageBreaker.pages(of: flow, style: style)
        #expect(style.height != nil || pages.count == 1)
        for (number, page) in pages.enumerated() {
          let bottom = page.height - style.margin.bottom + 0.1
          #expect(page.strips.allSatisfy { $0.y >= style.margin.top - 0.1 && $0.y + $0.strip.height <= bottom })
          #expect(zip(page.strips, page.strips.dropFirst()).allSatisfy { $0.y + $0.strip.height <= $1.y + 0.1 })
          let isLast = number == pages.count - 1
          let heading = page.strips.last?.strip.marks.contains { if case .outline = $0.content { true } else { false } }
          #expect(isLast || heading != true)
        }
        // Table headers and footnotes come in between.
        var rest = flow.strips.map(PageText.line)[...]
        for strip in pages.flatMap(\.strips).map(\.strip) where rest.first == PageText.line(strip) {
          rest.removeFirst()
        }
        #expect(rest.isEmpty)
      }
    }
  }

  @Test func aTallPictureIsDividedWhereItBecomesTooTall() throws {
    let flow = Flow(strips: (0..<100).map { _ in Strip(height: 100) })
    let pages = PageBreaker.pages(of: flow, style: .image, greatestHeight: 3_000)
    #expect(pages.map(\.strips.count) == [30, 30, 30, 10])
  }

  @Test func numbersHaveTheirBars() throws {
    let table = Table(columns: ["a", .number("b", decimals: 1).bars()], rows: [["x", 1.0], ["y", 2.0], ["z", nil]])
    let report = SampleReport(
      markdown: "```swift {#t}\n```", cells: ["t": SampleReport.cell("t", [.table(table)])]
    ).report
    let flow = try PaperReport.flow(of: ReportContent(report), style: .a4).flow
    let bars = flow.strips.flatMap(\.marks).compactMap { mark -> Area? in
      if case .box(let fill, _, _) = mark.content, fill == .bar { mark.area } else { nil }
    }
    #expect(bars.count == 2 && bars.first?.x == bars.last?.x)
    #expect(abs((bars.last?.width ?? 0) - 2 * (bars.first?.width ?? 1)) < 0.01)
  }
}
