import Core
import Foundation
@_spi(Drawing) import Plot
import TestSupport
import Testing

@testable import Paper
@testable import Report

/// Tables that are too wide for their page.
@Suite struct TableDivisionTests {
  private static func number(_ row: Int, _ column: Int) -> String {
    "\(row + 1)\(column % 10),\(100 + (row * 37 + column * 91) % 900).\(10 + column % 90)"
  }

  /// A Markdown table whose first column has names.
  private static func markdown(
    columns: Int, rows: Int = 3, prefix: String = "", cell: (Int, Int) -> String = number
  ) -> String {
    func line(_ cells: [String]) -> String { prefix + "| " + cells.joined(separator: " | ") + " |" }
    let head = line((0..<columns).map { "c\($0)" })
    let rule = line((0..<columns).map { $0 == 0 ? "---" : "---:" })
    let body = (0..<rows).map { row in line((0..<columns).map { $0 == 0 ? "run\(row)" : cell(row, $0) }) }
    return ([head, rule] + body).joined(separator: "\n")
  }

  private static func pages(_ sample: SampleReport, _ style: PageStyle) throws -> [Page] {
    let content = ReportContent(sample.report, formulas: Formulas.none, readFile: { _ in nil })
    return PageBreaker.pages(of: try PaperReport.flow(of: content, style: style).flow, style: style)
  }

  /// Expects that nothing is beyond the sides of its page.
  private static func expectInside(_ pages: [Page], _ style: PageStyle) {
    for page in pages {
      for mark in page.strips.flatMap(\.strip.marks) {
        #expect(mark.area.x >= style.margin.side - 0.5, "\(mark.content)")
        #expect(mark.area.x + mark.area.width <= page.width - style.margin.side + 1, "\(mark.content)")
      }
    }
  }

  /// Headings take several lines, but no word is broken to make the lines equally long.
  @Test func headingsBreakOnlyBetweenWords() throws {
    let headings = ["within 1 %", "within 5 %", "within 10 %", "expected within 5 %", "coverage of intervals"]
    let markdown = """
      | device | \(headings.joined(separator: " | ")) | mean width of intervals |
      | --- | ---: | ---: | ---: | ---: | ---: | ---: |
      | Snapdragon 855 | 24.4 ± 0.4 | 76.4 ± 0.2 | 91.0 ± 0.3 | 76.1 ± 1.0 | 90.2 ± 0.4 | 19.1 ± 0.3 |
      """
    for style in [PageStyle.a4, .letter] {
      let lines = try Self.pages(SampleReport(markdown: markdown), style).flatMap(PageText.words)
      let words = lines.flatMap { $0.split(whereSeparator: \.isWhitespace) }
      #expect(words.count { $0 == "within" } == 4, "\(words)")
      #expect(words.contains("coverage") && words.contains("expected") && words.contains("intervals"), "\(words)")
    }
  }

  @Test(arguments: [
    (columns: 3, groups: 1), (columns: 10, groups: 1), (columns: 20, groups: 2), (columns: 30, groups: 3),
    (columns: 60, groups: 4),
  ])
  func wideTablesBecomeGroupsWithTheFirstColumn(columns: Int, groups: Int) throws {
    for style in [PageStyle.a4, .letter] {
      let pages = try Self.pages(SampleReport(markdown: Self.markdown(columns: columns)), style)
      Self.expectInside(pages, style)
      let words = pages.flatMap(PageText.words)
      #expect(words.count { $0 == "run0" } == groups)
      for row in 0..<3 {
        for column in 1..<columns { #expect(words.contains(Self.number(row, column))) }
      }
      #expect(words.count { $0.hasPrefix("Columns ") } == (groups > 1 ? groups : 0))
      // A sheet is turned only if more than three groups would be needed.
      #expect(pages.contains { $0.width > $0.height } == (columns == 60))
    }
  }

  @Test func picturesHaveGroupsToo() throws {
    let pages = try Self.pages(SampleReport(markdown: Self.markdown(columns: 60)), .image)
    Self.expectInside(pages, .image)
    #expect(pages.count == 1 && pages.first?.width == PageStyle.image.width)
    let words = pages.flatMap(PageText.words)
    for column in 1..<60 { #expect(words.contains(Self.number(2, column))) }
  }

  @Test func tablesOfCellsAreDividedUnderTheirCaption() throws {
    let columns = [Table.Column("name")] + (1..<40).map { Table.Column.number("m\($0)", decimals: 2) }
    let rows: [[(any TableEntry)?]] = (0..<4).map { row in
      ["net \(row)"] + (1..<40).map { Double($0 * (row + 1)) * 123.45 as (any TableEntry)? }
    }
    let table = Table(columns: columns, rows: rows)
    for style in [PageStyle.a4, .image] {
      let cells = ["t": SampleReport.cell("t", [.table(table)])]
      let pages = try Self.pages(SampleReport(markdown: "# H\n\n```swift {#t}\n```", cells: cells), style)
      Self.expectInside(pages, style)
      let words = pages.flatMap(PageText.words)
      for text in table.texts.flatMap({ $0 }) { #expect(words.contains(text), "\(text) is broken or missing") }
      // The heading and the caption are on the table's first page.
      #expect(pages.first.map(PageText.words)?.contains("net 0") ?? false)
    }
  }

  @Test func longNumbersAreMadeSmallerThanAnyWord() throws {
    let digits = String(repeating: "1234567890", count: 30)
    let sample = SampleReport(markdown: Self.markdown(columns: 3) { $1 == 1 ? digits : "x" })
    for style in [PageStyle.a4, .image] {
      let pages = try Self.pages(sample, style)
      Self.expectInside(pages, style)
      #expect(pages.flatMap(PageText.words).contains(digits))
    }
  }

  @Test func longWordsBreakAndNumbersBesideThemDoNot() throws {
    let word = String(repeating: "abcdefgh", count: 40)
    let sample = SampleReport(markdown: Self.markdown(columns: 4) { $1 == 1 ? word : "took 12,345.678 ms" })
    let pages = try Self.pages(sample, .a4)
    Self.expectInside(pages, .a4)
    let words = pages.flatMap(PageText.words)
    #expect(words.count { $0.contains("12,345.678") } == 6)
    #expect(words.filter { $0.allSatisfy { "abcdefgh".contains($0) } }.joined() == String(repeating: word, count: 3))
  }

  @Test func headersBreakBehindTheirUnderscores() throws {
    var lines = Self.markdown(columns: 14).components(separatedBy: "\n")
    lines[0] = "| model_name |" + (1..<14).map { " mean_absolute_error_\($0)_ms |" }.joined()
    let pages = try Self.pages(SampleReport(markdown: lines.joined(separator: "\n")), .a4)
    Self.expectInside(pages, .a4)
    let words = pages.flatMap(PageText.words)
    #expect(words.contains { $0.replacing("\u{200B}", with: "").hasPrefix("mean_") })
    // The columns' widths depend on the numbers, not on the columns' names.
    #expect(words.count { $0 == "run0" } <= 2)
  }

  /// Tables of any width and content, in text, quotes and lists, in all styles.
  @Test func nothingIsEverCutAndNoNumberBroken() throws {
    var generator = SeededGenerator(seed: 11)
    let fillings = [
      "剪枝后的网络", "约12,345.67次", "3.25 ± 0.04", "−1.5e−12", "2023-11-16", "a sentence of several words",
      "https://example.org/a/very/long/address/without/a/space", "1 234 567.5", "`code_with_a_name`", "**99.95 %**", "",
    ]
    for round in 0..<24 {
      let columns = Int.random(in: 1...45, using: &generator)
      var numbers: [String] = []
      let prefix = ["", "", "> ", "- "][round % 4]
      var table = Self.markdown(columns: columns, rows: 2) { row, column in
        guard Bool.random(using: &generator) else { return fillings.randomElement(using: &generator) ?? "" }
        numbers.append(Self.number(row, column))
        return Self.number(row, column)
      }
      table = table.components(separatedBy: "\n").enumerated().map { index, line in
        prefix == "- " && index > 0 ? "  " + line : prefix + line
      }.joined(separator: "\n")
      for style in [PageStyle.a4, .letter, .image] {
        let pages = try Self.pages(SampleReport(language: round % 3 == 0 ? "zh-Hans" : "en", markdown: table), style)
        Self.expectInside(pages, style)
        let words = Set(pages.flatMap(PageText.words))
        for number in numbers { #expect(words.contains(number), "\(number) is broken or missing in\n\(table)") }
      }
    }
  }

  private static func isTurned(_ pages: [Page]) -> [Bool] { pages.map { $0.width > $0.height } }

  /// The text after the table fills the page before it, which says where the table is.
  @Test func theTextGoesOnBeforeATurnedSheet() throws {
    let table = Self.markdown(columns: 60)
    let pages = try Self.pages(SampleReport(title: "T", markdown: "Before.\n\n\(table)\n\nAfter."), .a4)
    #expect(Self.isTurned(pages) == [false, true])
    let first = PageText.words(pages[0])
    #expect(first.contains("Before.") && first.contains("After."))
    #expect(first.contains("The table here is on the next page in landscape orientation."))
    #expect(pages[1].strips.allSatisfy { $0.y + $0.strip.height <= pages[1].height - PageStyle.a4.margin.bottom + 0.1 })

    // A page is full before the sheet is turned, and all text is in its order.
    let filler = (1...60).map { "Paragraph \($0)." }
    let long =
      filler.prefix(3).joined(separator: "\n\n") + "\n\n\(table)\n\n"
      + filler.dropFirst(3).joined(separator: "\n\n")
    let more = try Self.pages(SampleReport(title: "T", markdown: long), .a4)
    #expect(Self.isTurned(more).prefix(3) == [false, true, false] && !Self.isTurned(more).dropFirst(2).contains(true))
    #expect(more.flatMap(PageText.words).filter { $0.hasPrefix("Paragraph") } == filler)
    let end = try #require(more[0].strips.last)
    #expect(end.y + end.strip.height > more[0].height - PageStyle.a4.margin.bottom - 60)
  }

  /// Where the page has nothing above the table, its heading goes with it and nothing points to it.
  @Test func aTurnedTableAtAPagesTopNeedsNoPointer() throws {
    let table = Self.markdown(columns: 60)
    let pages = try Self.pages(SampleReport(markdown: "# Heading\n\n\(table)\n\nAfter."), .a4)
    #expect(Self.isTurned(pages) == [true, false])
    #expect(PageText.words(pages[0]).contains("Heading") && PageText.words(pages[1]) == ["After."])
    // The next such table begins on the same sheet: the first has four groups of columns.
    let low = Self.markdown(columns: 60, rows: 1)
    let two = try Self.pages(SampleReport(markdown: "\(low)\n\n\(low)"), .a4)
    #expect(!Self.isTurned(two).contains(false))
    #expect(PageText.words(two[0]).count { $0 == "run0" } > 4)
  }

  /// The named places that links lead to are there, wherever the table goes.
  @Test func linksToATurnedTableHaveTheirPlace() throws {
    let columns = [Table.Column("name")] + (1..<60).map { Table.Column.number("m\($0)", decimals: 2) }
    let row: [(any TableEntry)?] = ["net"] + (1..<60).map { Double($0) * 12_345.67 as (any TableEntry)? }
    let cells = ["t": SampleReport.cell("t", [.table(Table(columns: columns, rows: [row]))])]
    for before in ["", "Before.\n\n"] {
      let markdown = before + "```swift {#t}\n```\n\nSee [the table](#tbl-t)."
      let pages = try Self.pages(SampleReport(markdown: markdown, cells: cells), .a4)
      #expect(pages.contains { $0.width > $0.height })
      let places = pages.flatMap(\.strips).flatMap(\.strip.marks).compactMap { mark in
        if case .place(let name) = mark.content { name } else { nil }
      }
      #expect(places.contains("tbl-t") && places.contains("cell-t"), "\(places)")
      let pointer = " is on the next page in landscape orientation."
      #expect(before.isEmpty || PageText.words(pages[0]).contains { $0.hasSuffix(pointer) })
    }
  }
}
