import Testing

@testable import Markup

/// Texts that are built to exhaust the parser: each is refused at its line, or read as far as it means something.
@Suite struct MarkdownBudgetTests {
  struct Refused: CustomTestStringConvertible {
    var name: String
    var text: String
    var line: Int
    var cause: String
    var testDescription: String { name }
  }

  private static func many(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

  static let refused: [Refused] = [
    Refused(
      name: "list marks in a line", text: "Text\n\n" + many("- ", 20_000) + "x", line: 3,
      cause: "quotes or lists are nested more than 64 levels deep"),
    Refused(
      name: "footnotes in a line", text: "Text\n\n" + many("[^a]: ", 1_000) + "x", line: 3,
      cause: "quotes or lists are nested more than 64 levels deep"),
    Refused(
      name: "a long line of marks", text: many("- ", 600_000) + "x", line: 1,
      cause: "quotes or lists are nested more than 64 levels deep"),
    Refused(
      name: "open brackets", text: "a\n" + many("[", 5_000), line: 2,
      cause: "a paragraph has more than 4096 open brackets, tags or marks of emphasis"),
    Refused(
      name: "open tags", text: many("<b>", 5_000), line: 1,
      cause: "a paragraph has more than 4096 open brackets, tags or marks of emphasis"),
    Refused(
      name: "emphasis in emphasis", text: "a\n\nb " + many("*a **b ", 300) + "c" + many("** d*", 300), line: 3,
      cause: "the text is nested more than 256 levels deep"),
    Refused(
      name: "declarations", text: "a " + many("<!A ", 1_000), line: 1,
      cause: "a paragraph has more than 256 comments or declarations of HTML"),
    Refused(
      name: "a title of many lines",
      text: "[a]: x '" + many(many("y", 99) + "\n", 10_000) + "'\n\n" + many("[a] ", 10_000), line: 10_003,
      cause: "links repeat their definitions to more than 256 MiB"),
    Refused(
      name: "a title that looks like definitions",
      text: "[a]: x '" + many(many("y", 93) + "b]: z\n", 10_000) + "'\n\n" + many("[a] ", 10_000), line: 10_003,
      cause: "links repeat their definitions to more than 256 MiB"),
    Refused(
      name: "expressions", text: "a\n\n" + many("`{swift} x` ", 5_001), line: 3,
      cause: "the text has more than 5000 inline expressions"),
    Refused(
      name: "code of other languages", text: "a\n\n" + many("`{python} x` ", 5_001), line: 3,
      cause: "the text has more than 5000 inline expressions"),
    Refused(
      name: "characters of private use", text: many("\u{F0001}", 70_000), line: 1,
      cause: "the text has more than 65533 formulas and characters of private use"),
  ]

  @Test(arguments: refused) func isRefusedAtItsLine(_ example: Refused) {
    let excess = Document(markdown: example.text, file: "a.md").excess
    #expect(excess?.cause == example.cause)
    #expect(excess?.place?.line == example.line)
  }

  struct Long: CustomTestStringConvertible {
    var name: String
    var text: String
    var testDescription: String { name }
  }

  /// Texts for which a naive reader's time grows by the square of their length.
  static let long: [Long] = [
    Long(name: "crossed tags", text: "a " + many("<b></x>", 10_000) + many("</b>", 10_000)),
    Long(name: "tags behind a backtick", text: "a ` " + many("<b>", 4_000) + many("x</b>", 4_000)),
    Long(name: "beginnings of tags", text: "a " + many("</", 30_000)),
    Long(name: "addresses", text: many("www.a.bc ", 4_000)),
    Long(name: "addresses in angle brackets", text: many("<http:x> ", 4_000)),
    Long(name: "an empty expression in a formula", text: "$x`{swift}" + many(" ", 30_000) + "`$"),
    Long(name: "backticks", text: "a " + (1...300).map { many("`", $0) }.joined(separator: " ")),
  ]

  @Test(arguments: long) func isRead(_ example: Long) {
    let document = Document(markdown: example.text, file: "a.md")
    #expect(document.excess == nil)
    #expect(document.allBlocks.count == 1)
  }

  @Test func ordinaryTablesAndListsAreRead() {
    let rows = (0..<200).map { "| ~\($0) ms | [0, \($0)) | *p | Array<Int> | <me@x.org> |\n" }.joined()
    let table = Document(markdown: "| a | b | c | d | e |\n|---|---|---|---|---|\n" + rows, file: "a.md")
    #expect(table.excess == nil)
    let list = Document(markdown: Self.many("- a<b, [0, 1), _name\n", 500), file: "a.md")
    #expect(list.excess == nil)
    let links = (0..<500).map { "[r\($0)]: https://example.org/\($0) 'It's number \($0)'\n" }.joined()
    #expect(Document(markdown: Self.many("See [r1] and [r2].\n", 200) + "\n" + links, file: "a.md").excess == nil)
  }

  @Test func tagsBeyondTheDepthStayAsTheyAre() {
    let inlines = Document(markdown: "a " + Self.many("<b>", 70) + "x" + Self.many("</b>", 70), file: "a.md").blocks
      .inlines
    let tags = inlines.filter { if case .html = $0 { true } else { false } }
    #expect(tags.count == 12)
  }

  @Test func aLineEndBetweenKoreanWordsIsASpace() {
    func text(_ markdown: String) -> String {
      guard case .paragraph(let inlines)? = Document(markdown: markdown, file: "a.md").blocks.first?.content else {
        return ""
      }
      return inlines.plainText
    }
    #expect(text("한국\n서울") == "한국 서울")
    #expect(text("中国\n北京") == "中国北京")
  }
}
