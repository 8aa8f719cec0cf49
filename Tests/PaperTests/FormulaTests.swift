import Core
import Foundation
@_spi(Drawing) import Plot
import TestSupport
import Testing

@testable import Engine
@testable import Paper
@testable import Report

@Suite struct FormulaTests {
  private static let hasTool = FormulaTranslator(tool: "blahtexml") != nil

  @Test(arguments: [
    ("误差 = \\frac{1}{N}", "\\text{误差} = \\frac{1}{N}"), ("α + β≤1", "\\alpha  + \\beta \\le 1"),
    ("\\tfrac12 \\tfraction", "\\frac12 \\tfraction"), ("a\nb", "a b"), ("x−y", "x-y"),
    ("\\text{α}测", "\\text{\\alpha }\\text{测}"),
  ])
  func preparedForTheTool(tex: String, prepared: String) {
    #expect(FormulaTranslator.prepared(tex) == prepared)
  }

  private func formulas(_ markdown: String, tool: String = "blahtexml") -> (Formulas, [String]) {
    let formulas = Formulas(of: SampleReport(markdown: markdown).report, tool: tool)
    return (formulas, formulas.warnings.map(\.description))
  }

  @Test(
    .enabled(if: hasTool),
    arguments: [
      ("x^2", "<math><msup><mi>x</mi><mn>2</mn></msup></math>"),
      ("a - b", "<math><mi>a</mi><mo lspace=\"0.222em\" rspace=\"0.222em\">−</mo><mi>b</mi></math>"),
      ("\\text{<b>}", "<math><mtext>&lt;b&gt;</mtext></math>"),
    ])
  func becomeMathML(tex: String, html: String) {
    #expect(formulas("$\(tex)$").0[tex, display: false]?.html.source == html)
  }

  @Test(.enabled(if: hasTool)) func whatIsNotUnderstoodIsWarnedOfAtItsPlace() {
    let (formulas, warnings) = formulas("First.\n\n$x$ and $\\foo{x}$\n\n$$\\frac{a}{b}$$")
    #expect(warnings == ["week.md:3:1: the formula \\foo{x} is shown as TeX: Unrecognised command \"\\foo\""])
    #expect(formulas["x", display: false] != nil && formulas["\\frac{a}{b}", display: true] != nil)
  }

  @Test func aMissingToolIsWarnedOfOnce() {
    #expect(
      formulas("$x$ $y$", tool: "no-such-tool").1 == [
        """
        week.md:1:1: formulas are shown as TeX because no-such-tool is not installed
          Install blahtexml: apt-get install blahtexml
        """
      ])
    #expect(formulas("no formula", tool: "no-such-tool").1 == [])
  }

  @Test(.enabled(if: hasTool)) func oneFormulaThatKillsTheToolLeavesTheOthers() throws {
    let deep = String(repeating: "{", count: 9_000) + "x" + String(repeating: "}", count: 9_000)
    let sources = ["a", deep, "b"].map { Formulas.Source(tex: $0, display: false) }
    let results = try #require(FormulaTranslator(tool: "blahtexml")).translate(sources)
    #expect(results.count == 3)
    #expect((try? results[0].get()) != nil && (try? results[2].get()) != nil)
  }

  @Test(.enabled(if: hasTool)) func captionsAndShownMarkdownHaveFormulasToo() {
    var options = CellOptions()
    options.figureCaptions = ["$a$"]
    let cell = SampleReport.cell(
      "c", [.chart(SampleReport.chart), .markdown("$b$[^1]\n\n[^1]: $c$")], options: options)
    let page = SampleReport(markdown: "```swift {#c}\n```", cells: ["c": cell]).page()
    for letter in ["a", "b", "c"] { #expect(page.html.contains("<math><mi>\(letter)</mi></math>")) }
    #expect(PageCheck(page.html).problems == [])
  }

  // MARK: On paper

  private func box(_ tex: String, display: Bool = false) throws -> MathBox {
    let element = try #require(formulas("$\(tex)$").0[tex, display: false])
    return try DrawingLock.withLock {
      MathSetter(setter: try TextSetter(language: "en"), color: .ink).box(element, size: 100, display: display)
    }
  }

  @Test(.enabled(if: hasTool)) func partsStandWhereTheyBelong() throws {
    let letter = try box("x")
    let square = try box("x^2")
    #expect(square.ascent > letter.ascent && square.width > letter.width)
    let index = try box("x_i")
    #expect(index.descent > letter.descent && abs(index.ascent - letter.ascent) < 1)
    let fraction = try box("\\frac{a}{b}", display: true)
    #expect(fraction.ascent > letter.ascent && fraction.descent > letter.descent)
    let sum = try (box("\\sum_{i=1}^n", display: true), box("\\sum_{i=1}^n"))
    #expect(sum.0.height > 1.3 * sum.1.height)
    let fence = try box("\\left(\\frac{a}{b}\\right)", display: true)
    #expect(fence.height >= fraction.height)
    #expect(try box("\\sqrt{x}").ascent > letter.ascent)
    #expect(try box("\\begin{pmatrix}a&b\\\\c&d\\end{pmatrix}").height > 2 * letter.height)
  }

  private static let terms = (1...60).map { "a_{\($0)} x^{\($0)}" }.joined(separator: " + ")

  /// The areas of a page's formulas.
  private func formulas(on style: PageStyle, _ markdown: String) throws -> [Area] {
    let content = ReportContent(SampleReport(markdown: markdown).report, readFile: { _ in nil })
    return try PaperReport.flow(of: content, style: style).flow.strips.flatMap(\.marks).compactMap { mark in
      if case .formula = mark.content { mark.area } else { nil }
    }
  }

  @Test(
    .enabled(if: hasTool),
    arguments: [
      "$$y = \(terms)$$", "$$f(\(terms)) = 0$$", "$$\\left(\(terms)\\right)$$", "In text $\(terms)$ too.",
      "| a | b |\n| --- | --- |\n| $\(terms)$ | 12,345 |",
    ])
  func longFormulasStayOnThePage(markdown: String) throws {
    for style in [PageStyle.a4, .image] {
      let areas = try formulas(on: style, markdown)
      #expect(!areas.isEmpty)
      #expect(areas.allSatisfy { $0.x >= style.margin.side - 0.5 && $0.right <= style.width - style.margin.side + 1 })
    }
  }

  @Test(.enabled(if: hasTool)) func displayedFormulasBreakBeforeOperators() throws {
    let one = try #require(formulas(on: .a4, "$$y = a_1 x + a_2$$").first)
    let lines = try formulas(on: .a4, "$$y = \(Self.terms)$$")
    #expect((4...12).contains(lines.count))
    // The letters are as large as those of a short formula, and all lines but the first are indented.
    #expect(lines.allSatisfy { $0.height > 0.8 * one.height })
    #expect(Set(lines.map(\.x)).count == 1)
    #expect(try formulas(on: .a4, "$$\\left(\(Self.terms)\\right)$$").allSatisfy { $0.height > 0.8 * one.height })
    #expect(try formulas(on: .a4, "$$x^2 + y^2 = z^2$$").count == 1)
  }
}
