@testable import Markup

/// A document tree as a short text for comparison: `p("a " em("b"))`.
func treeText(_ markdown: String) -> String {
  let document = Document(markdown: markdown, file: "test.md")
  let notes = document.footnotes.enumerated().map { "note\($0 + 1)(\(treeText($1)))" }
  return ([treeText(document.blocks)] + notes).joined(separator: " ")
}

private func treeText(_ blocks: [Block]) -> String {
  blocks.map { block in
    switch block.content {
    case .paragraph(let inlines): "p(\(treeText(inlines)))"
    case .heading(let level, let inlines): "h\(level)(\(treeText(inlines)))"
    case .code(let code): "code[\(code.info)](\(code.literal.debugDescription))"
    case .quote(let blocks): "quote(\(treeText(blocks)))"
    case .list(let list):
      (list.start.map { "ol\($0)" } ?? "ul") + (list.isTight ? "" : "-loose")
        + "("
        + list.items.map { ($0.isChecked.map { $0 ? "[x]" : "[ ]" } ?? "") + treeText($0.blocks) }.joined(
          separator: "; ") + ")"
    case .table(let table):
      "table("
        + ([table.header] + table.rows).map { $0.map(treeText).joined(separator: " | ") }.joined(separator: " / ") + ")"
    case .math(let tex): "math(\(tex.debugDescription))"
    case .thematicBreak: "hr"
    case .html(let html): "html(\(html.debugDescription))"
    }
  }.joined(separator: " ")
}

private func treeText(_ inlines: [Inline]) -> String {
  inlines.map { inline in
    switch inline {
    case .text(let text): text.debugDescription
    case .softBreak: "soft"
    case .lineBreak: "br"
    case .code(let code): "code(\(code.debugDescription))"
    case .expression(let expression): "value\(expression.index)(\(expression.source))"
    case .styled(let style, let content): "\(style.rawValue)(\(treeText(content)))"
    case .link(let link): "link[\(link.destination)](\(treeText(link.content)))"
    case .image(let image): "image[\(image.source)](\(image.alternative.debugDescription))"
    case .math(let tex, let display): (display ? "display(" : "math(") + tex.debugDescription + ")"
    case .formula(let formula): "formula(\(treeText(formula.unfilled)))"
    case .html(let html, _): "html(\(html.debugDescription))"
    case .footnote(let number): "note\(number)"
    }
  }.joined(separator: " ")
}
