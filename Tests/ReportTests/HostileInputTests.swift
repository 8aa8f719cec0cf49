import Core
import Foundation
import Plot
import TestSupport
import Testing

@testable import Engine
@testable import Markup
@testable import Report

/// No text of a notebook and no output of a cell becomes markup.
@Suite struct HostileInputTests {
  private static let script =
    "</style></pre></script><script>alert(1)</script>\" onload=\"x\" '><img src=x "
    + "onerror=alert(1)>&amp;\u{0}\u{1B}]0;t\u{07}\u{7}"
  private static let harmless: Set<String> = [
    "a", "body", "code", "dd", "details", "div", "dl", "dt", "em", "figcaption", "figure", "footer", "h1", "h2", "h3",
    "head",
    "header", "html", "li", "main", "meta", "nav", "ol", "p", "pre", "samp", "section", "span", "strong", "style",
    "summary",
    "sup", "table", "tbody", "td", "th", "thead", "time", "title", "tr", "ul",
  ]

  @Test func everyTextOfAReportIsEscaped() {
    let script = Self.script
    var options = CellOptions()
    options.figureCaptions = [script]
    options.tableCaptions = [script]
    options.figureAlternatives = [script]
    var chart = SampleReport.chart
    chart.title = .words("</svg><script>alert(1)</script>\"")
    let table = Table(columns: [.init(script, unit: script)], rows: [[script]], caption: script)
    let failure = CellFailure(message: script, place: Place(file: script, line: 1), details: script)
    let name = "a\"><script>x</script>"
    let document = Document(
      markdown:
        "`{swift} a` `{swift} b`\n\n```swift {#x}\n\(script)\n```\n\n```swift "
        + "{#y}\n```\n\n```\(script)\n\(script)\n```\n\n# \(script)\n\n$\(script)$",
      file: "\"><script>.md")
    let lines = document.codeBlocks.map(\.position.line)
    var matter = FrontMatter()
    (matter.title, matter.author, matter.date, matter.language) = (script, script, script, "en\"><script>")
    let outputs: [CellOutput] = [
      .printed(script), .printedError(script), .chart(chart), .table(table), .markdown(script + "\n\n" + script),
    ]
    let report = Report(
      frontMatter: matter, document: document,
      cells: [
        lines[0]: CellReport(
          name: name, source: script, sourceLine: 4, options: options, failure: failure, outputs: outputs,
          seconds: 1),
        lines[1]: CellReport(
          name: script, source: "", sourceLine: 8, options: options, state: .blocked, needs: [name, script]),
      ],
      expressions: [0: .value(script), 1: .failed(failure)], provenance: [(script, script)], seconds: 1)
    let check = PageCheck(HTMLReport.page(for: report) { _ in nil }.html)
    #expect(check.problems == [])
    #expect(check.elements.subtracting(Self.harmless) == [])
    #expect(check.text.contains("<script>alert(1)</script>"))
    #expect(
      PictureFile.pictures(of: report, scale: 1).files.allSatisfy { !$0.name.contains("/") && !$0.name.contains("\"") })
  }

  @Test(arguments: [
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java&#10;script:alert(1)", "&#1;javascript:alert(1)", "vbscript:x",
    "data:text/html,x",
    "file:///etc/passwd", "blob:x", "&#x20;javascript:x",
  ])
  func linksThatRunSomethingAreDropped(destination: String) {
    let page = SampleReport(markdown: "[words](<\(destination)>)").page()
    #expect(PageCheck(page.html).addresses.allSatisfy { $0.hasPrefix("#") })
    #expect(page.html.contains("<p>words</p>"))
    #expect(page.warnings.count == 1)
  }

  @Test(arguments: [
    "https://a.b/?q=1&r=\"2\"", "http://a.b:80/x:y", "mailto:a@b.c", "other.html", "folder/a:b", "?a:b", "//a.b",
  ])
  func otherLinksStay(destination: String) {
    #expect(LinkPolicy.allows(destination))
    let page = SampleReport(markdown: "[words](<\(destination.replacing("\"", with: "%22"))>)").page()
    #expect(page.warnings == [])
    #expect(PageCheck(page.html).addresses.count == 2)
  }

  @Test func picturesThatRunSomethingAreDropped() {
    let markdown =
      "![x](javascript:alert(1)) ![y](data:text/html;base64,PHNjcmlwdD4=) ![z](data:image/svg+xml;base64,PHN2Zz4=)"
    let page = SampleReport(markdown: markdown).page()
    #expect(!PageCheck(page.html).elements.contains("img"))
    #expect(PageCheck(page.html).addresses.allSatisfy { $0.hasPrefix("#") })
  }

  @Test func thePageForbidsScripts() {
    let html = SampleReport(markdown: "x").page().html
    #expect(html.contains("http-equiv=\"Content-Security-Policy\" content=\"default-src &#39;none&#39;; style-src"))
    #expect(!html.contains("<script"))
    #expect(!html.contains("http://") && !html.contains("https://"))
  }

  @Test func anyTextGivesAWellFormedPage() throws {
    var generator = SeededGenerator(seed: 2)
    for _ in 0..<400 {
      let count = Int.random(in: 1...40, using: &generator)
      let markdown = (0..<count).map { _ in SampleReport.pieces.randomElement(using: &generator) ?? "" }.joined()
      let page = SampleReport(markdown: markdown).page()
      try #require(PageCheck(page.html).problems == [], "\(markdown.debugDescription)")
    }
  }
}
