import Foundation
import Markup

/// Inlines as HTML.
extension HTMLReport {
  package mutating func text(_ inlines: [Inline]) -> HTML {
    var parts: [HTML] = []
    for inline in inlines { parts.append(text(inline)) }
    return .joined(parts)
  }

  private mutating func text(_ inline: Inline) -> HTML {
    switch inline {
    case .text(let text): return .text(text)
    case .softBreak: return .text("\n")
    case .lineBreak: return .void("br") + .text("\n")
    case .code(let code): return .element("code", [:], .text(code))
    case .expression(let expression): return value(of: expression)
    case .styled(.emphasis, let content) where self.content.plainText(content).contains(where: \.isEastAsianWide):
      // Chinese has no italics: emphasis dots are set under the characters.
      return .element("em", ["class": "dotted"], text(content))
    case .styled(let style, let content): return .element(style.rawValue, [:], text(content))
    case .link(let link): return self.link(link)
    case .image(let image): return picture(image)
    case .math(let tex, let display): return formula(tex, display: display)
    case .formula(let formula): return text(formula.unfilled)
    case .html(let html, let position):
      content.warnOfHTML(html, at: position)
      return .text(html)
    case .footnote(let number): return footnoteReference(number)
    }
  }

  /// A formula as MathML, or as TeX where it could not be translated.
  package func formula(_ tex: String, display: Bool, element: String = "span") -> HTML {
    content.formulas[tex, display: display]?.html
      ?? .element(element, ["class": display ? "math display" : "math"], .text(tex))
  }

  // MARK: Expressions

  private func value(of expression: InlineExpression) -> HTML {
    guard let outcome = content.outcome(of: expression) else {
      return .element("code", [:], .text(expression.source))
    }
    let problem: String
    var anchor: String?
    switch outcome {
    case .value(let value): return .text(value)
    case .failed(let failure):
      problem = failure.message
      if content.firstFailedExpression == expression.index { anchor = ReportContent.failedExpressionAnchor }
    case .notRun: problem = words.notRun
    }
    return .element(
      "span", ["class": "missing", "id": anchor], .element("code", [:], .text(expression.source)), .text(" \(problem)"))
  }

  // MARK: Links

  private mutating func link(_ link: Inline.Link) -> HTML {
    let words = text(link.content)
    switch content.destination(of: link) {
    case .nothing: return words
    case .address(let address):
      return .element(
        "a", ["href": address, "title": link.title.isEmpty ? nil : link.title],
        words.isEmpty ? .text(address) : words)
    case .file(let file):
      return .element(
        "a", ["href": file.page, "title": link.title.isEmpty ? nil : link.title],
        words.isEmpty ? .text(link.destination) : words)
    case .numbered(let anchor, let label, let isPlain):
      return .element(
        "a", ["class": "reference", "href": "#\(anchor)"], labelled(words, label: label, isPlain: isPlain))
    case .unnumbered(let cell, let label, let isPlain):
      return .element(
        cell == nil ? "span" : "a", ["class": "missing", "href": cell.map { "#\($0)" }],
        labelled(words, label: label, isPlain: isPlain))
    case .place(let anchor, let title):
      return .element(
        "a", ["href": "#\(anchor)"], words.isEmpty ? .text(title.map(content.plainText) ?? anchor) : words)
    }
  }

  /// The label alone if the link's words say only "Figure"; else the link's words with the label after them.
  private func labelled(_ shown: HTML, label: String, isPlain: Bool) -> HTML {
    isPlain ? .text(label) : shown + .text(words.remark(label, after: ""))
  }

  // MARK: Footnotes

  private mutating func footnoteReference(_ number: Int) -> HTML {
    let count = content.scope.footnoteReferences[number, default: 0] + 1
    content.scope.footnoteReferences[number] = count
    let id = "\(content.scope.prefix)fnref:\(number)" + (count == 1 ? "" : "-\(count)")
    return .element(
      "sup", ["class": "note"],
      .element(
        "a", ["id": id, "href": "#\(content.scope.prefix)fn:\(number)", "role": "doc-noteref"], .text(String(number))))
  }

  /// The footnotes of the text being written.
  package mutating func footnotes() -> HTML {
    let notes = content.scope.document.footnotes
    guard !notes.isEmpty else { return .empty }
    var items: [HTML] = []
    for (index, note) in notes.enumerated() {
      let back = HTML.element(
        "a",
        [
          "class": "back", "href": "#\(content.scope.prefix)fnref:\(index + 1)", "role": "doc-backlink",
          "aria-label": words.backToText,
        ],
        .text("↩\u{FE0E}"))
      items.append(.block("li", ["id": "\(content.scope.prefix)fn:\(index + 1)"], blocks(note), back))
    }
    return .block(
      "section", ["class": "footnotes", "role": "doc-endnotes", "aria-label": words.footnotes],
      .block("ol", [:], .lines(items)))
  }
}
