import Testing

@testable import Markup

@Suite struct InlineFormulaTests {
  @Test(arguments: [
    ("$p = `{swift} a`$", "0.3333", "p = {0.3333}"), ("$`{swift} a`\\%$", "−1.5×10⁻⁷", "{-1.5 \\times 10^{-7}}\\%"),
    ("$$n = `{swift} a`$$", "12,350", "n = {12{,}350}"), ("$x + `{swift} a`$", "50%", "x + {50\\%}"),
    ("```math\nx = `{swift} a`\n```", "\\frac12", "x = \\frac12"),
  ])
  func valuesStandInFormulas(markdown: String, value: String, tex: String) throws {
    let document = Document(markdown: markdown, file: "n.md")
    #expect(document.expressions.map(\.source) == ["a"])
    let content = document.filled { _ in value }.blocks[0].content
    switch content {
    case .math(let found): #expect(found == tex)
    case .paragraph(let inlines): #expect(inlines == [.math(tex, display: false)])
    default: Issue.record("\(content)")
    }
  }

  @Test func expressionsHaveTheirPlaces() {
    let document = Document(markdown: "a\n\n$x = `{swift} first`$ and `{swift} second`\n", file: "n.md")
    #expect(document.expressions.map(\.index) == [0, 1])
    #expect(
      document.expressions.map(\.position) == [
        SourcePosition(line: 3, column: 15), SourcePosition(line: 3, column: 36),
      ])
  }

  @Test func gitHubsNotations() {
    let document = Document(markdown: "$`z^2`$\n\n```math\n\\sqrt{x}\n```\n", file: "n.md")
    #expect(document.blocks.map(\.content) == [.paragraph([.math("z^2", display: false)]), .math("\\sqrt{x}")])
    #expect(Document(markdown: "$5 and `{swift} a` for $6", file: "n.md").expressions.count == 1)
  }
}
