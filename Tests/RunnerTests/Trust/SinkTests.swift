import Core
import Foundation
import Plot
import TestSupport
import Testing

@testable import Engine
@testable import Paper
@testable import Proof
@testable import Report
@testable import Runner

/// Untrusted text in outputs: characters that are control or markup in the output's format arrive as text.
@Suite(.waiting) struct SinkTests {
  static let controls = "a\u{1B}[2J\u{7}\u{8}\rb\u{9B}31m\u{202E}c\u{2066}"

  private func isPrintable(_ text: String) -> Bool {
    !text.unicodeScalars.contains {
      $0 != "\n" && ($0.properties.generalCategory == .control || $0.properties.isBidiControl)
    }
  }

  @Test func aTerminalGetsNoControls() {
    let diagnostic = Diagnostic.error(
      Self.controls, at: Place(file: "n\u{1B}.md", line: 1, column: 9), remedy: Self.controls)
    let text = diagnostic.text(source: [Self.controls])
    #expect(isPrintable(text), "\(text.debugDescription)")
    #expect(text.hasPrefix("n<U+001B>.md:1:9: error: a<U+001B>[2J<U+0007><U+0008><U+000D>b"))
    var table = TextTable(header: [Self.controls, "b"])
    table.add(["x\ny", Self.controls])
    #expect(table.lines.count == 2 && table.lines.allSatisfy { isPrintable($0) && !$0.contains("\n") })
    let lines = ProgressLines(columns: 80, rows: 24, nameColumns: 4)
    #expect(isPrintable(lines.settled(Self.controls, Self.controls)))
    #expect(!lines.settled("a", "x\nb  fresh").contains("\n"), "a cell's message forges no line")
  }

  @Test func aCellsMessageReachesTheTerminalAsText() throws {
    let notebook = try TemporaryNotebook(
      """
      ```swift {#a}
      struct Odd: Error, CustomStringConvertible { var description: String { "bad \\u{1B}]0;owned\\u{7} \\u{202E}x" } }
      throw Odd()
      ```
      """)
    let ending = try notebook.labbook("run", "n.md")
    #expect(ending.code == 1)
    #expect(ending.errors.contains("bad <U+001B>]0;owned<U+0007> <U+202E>x"), "\(ending.errors.debugDescription)")
    #expect(isPrintable(ending.errors))
    for name in ["index.html", "report.md"] {
      guard let text = try? notebook.text("reports/n/\(name)") else { continue }
      #expect(isPrintable(text.replacing("\t", with: " ")), "\(name)")
    }
  }

  @Test func theReasonsToRunReachTheTerminalAsText() throws {
    let notebook = try TemporaryNotebook("---\nparams: {label: a}\n---\n\n```swift {#a}\nprint(params.label)\n```\n")
    #expect(try notebook.labbook("run", "n.md").code == 0)
    let ending = try notebook.labbook("why", "n.md", "a", "-P", "label=a\u{202E}b")
    #expect(ending.output.contains("a<U+202E>b"), "\(ending.output.debugDescription)")
    #expect(isPrintable(ending.output))
  }

  @Test(arguments: [
    ("http://a.b/x)/S/JavaScript/JS(app.alert(1)", "http://a.b/x%29/S/JavaScript/JS%28app.alert%281%29"),
    ("http://a.b/(x)[y]<z>", "http://a.b/%28x%29%5By%5D%3Cz%3E"),
    ("http://a.b/'q\"\\ \n", "http://a.b/%27q%22%5C%20%0A"),
    ("https://例.cn/周?a=1&b=%20#c", "https://%E4%BE%8B.cn/%E5%91%A8?a=1&b=%20#c"),
  ])
  func anAddressEndsNoStringOfAPDF(address: String, expected: String) {
    #expect(PageTags.escaped(address) == expected)
  }

  @Test func aPDFHoldsNoActionButLinks() throws {
    let markdown = """
      # Title \u{202E}x

      [a](http://a.b/\\)\\>\\>/A<</S/JavaScript/JS\\(app.alert\\(1\\)\\)>>) [b](<http://a.b/)/S/Launch/F(x>)
      """
    var report = SampleReport(markdown: markdown).report
    report.frontMatter.title = "T) /JS (x\u{202E}"
    let (data, _) = try PDFReport.file(for: report)
    let text = String(decoding: data, as: UTF8.self)
    // Addresses are unchanged in the file, each within the parentheses of one string.
    #expect(!text.contains("app.alert(1") && !text.contains("/F(x"))
    let addresses = text.matches(of: #/\/URI \(([^)]*)\)/#)
    #expect(addresses.count == 2 && addresses.allSatisfy { !$0.1.contains("(") && !$0.1.contains("<") })
  }

  @Test func aPageAndItsMarkdownShowDirections() {
    let sample = SampleReport(
      title: "T\u{202E}itle",
      markdown: "x \u{202E}y\u{202C} `co\u{2066}de`\n\n    li\u{200F}sting\n\n[l](http://a.b 't\u{202D}t')")
    let page = HTMLReport.page(for: sample.report).html
    #expect(isPrintable(page.replacing("\t", with: " ")))
    #expect(page.contains("x &lt;U+202E&gt;y") && page.contains("<title>T&lt;U+202E&gt;itle"))
    let markdown = GFMReport.text(of: ReportContent(sample.report)).text
    #expect(isPrintable(markdown.replacing("\t", with: " ")), "\(markdown.debugDescription)")
  }

  @Test func aChartShowsDirections() throws {
    var chart = Chart.lossCurves([LossCurve(label: "a\u{202E}b", training: [3, 2, 1])])
    chart.title = .words("loss \u{1B}[2J")
    let drawing = try chart.svg()
    #expect(isPrintable(drawing))
    let table = Table(columns: ["a\u{7}|b"], rows: [["x\u{202E}"]])
    #expect(isPrintable(table.markdown()) && isPrintable(table.plainText()))
  }
}
