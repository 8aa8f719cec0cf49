import Foundation

/// Inlines as HTML.
extension HTMLReport {
  mutating func text(_ inlines: [Inline]) -> HTML {
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
    case .styled(.emphasis, let content) where plainText(content).contains(where: \.isEastAsianWide):
      // Chinese has no italics; it sets dots beneath what it stresses.
      return .element("em", ["class": "dotted"], text(content))
    case .styled(let style, let content): return .element(style.rawValue, [:], text(content))
    case .link(let link): return self.link(link)
    case .image(let image): return picture(image)
    case .math(let tex, let display):
      return .element("span", ["class": display ? "math display" : "math"], .text(tex))
    case .html(let html, let position):
      warnOfHTML(html, at: position)
      return .text(html)
    case .footnote(let number): return footnoteReference(number)
    }
  }

  /// A run of text without markup, values in place of expressions.
  func plainText(_ inlines: [Inline]) -> String {
    inlines.map { inline in
      switch inline {
      case .expression(let expression):
        if scope.isNotebook, case .value(let value)? = report.expressions[expression.index] {
          value
        } else {
          expression.source
        }
      case .styled(_, let content): plainText(content)
      case .link(let link): plainText(link.content)
      default: [inline].plainText
      }
    }.joined()
  }

  mutating func warnOfHTML(_ html: String, at position: SourcePosition) {
    let shown = html.count > 40 ? html.prefix(40) + "…" : html[...]
    warn(
      "the HTML \(shown) is shown as text", at: position,
      remedy:
        "Reports take Markdown, and of HTML only tags such as <br>, <sub>, <sup>, <kbd> and <mark> without attributes.")
  }

  // MARK: Expressions

  private func value(of expression: InlineExpression) -> HTML {
    guard scope.isNotebook, let outcome = report.expressions[expression.index] else {
      return .element("code", [:], .text(expression.source))
    }
    let problem: String
    switch outcome {
    case .value(let value): return .text(value)
    case .failed(let failure): problem = failure.message
    case .notRun: problem = words.notRun
    }
    return .element("span", ["class": "missing"], .element("code", [:], .text(expression.source)), .text(" \(problem)"))
  }

  // MARK: Links

  private mutating func link(_ link: Inline.Link) -> HTML {
    let content = text(link.content)
    if link.destination.hasPrefix("#") { return reference(link, content: content) }
    guard LinkPolicy.allows(link.destination) else {
      warn(
        "the link to \(link.destination.prefix(40)) is left out", at: link.position,
        remedy: "A report's links lead to http, https, mailto, tel or files beside it.")
      return content
    }
    let shown = content.isEmpty ? HTML.text(link.destination) : content
    return .element("a", ["href": link.destination, "title": link.title.isEmpty ? nil : link.title], shown)
  }

  /// A link within the report; to a figure or table, its number.
  private mutating func reference(_ link: Inline.Link, content: HTML) -> HTML {
    let written = String(link.destination.dropFirst())
    let fragment = written.removingPercentEncoding ?? written
    if let entry = numbering.target(fragment) {
      let label = entry.kind == .figure ? words.figure(entry.number) : words.table(entry.number)
      return .element(
        "a", ["class": "reference", "href": "#\(entry.anchor)"],
        labelled(content, link.content, kind: entry.kind, label: label))
    }
    for (kind, prefix) in [(ReportNumbering.Kind.figure, "fig-"), (.table, "tbl-")] where fragment.hasPrefix(prefix) {
      let names = numbering.targetNames
      warn(
        "there is no \(kind == .figure ? "figure" : "table") “\(fragment)”", at: link.position,
        remedy: names.isEmpty
          ? "A cell named “loss” that shows a chart makes “fig-loss”, one that shows a table “tbl-loss”."
          : "The report has: \(names.joined(separator: ", ")).")
      let label = kind == .figure ? words.unknownFigure : words.unknownTable
      let cell = numbering.anchor(cell: String(fragment.dropFirst(prefix.count))) ?? numbering.anchor(cell: fragment)
      return .element(
        cell == nil ? "span" : "a", ["class": "missing", "href": cell.map { "#\($0)" }],
        labelled(content, link.content, kind: kind, label: label))
    }
    let anchor = [fragment, AnchorRegistry.slug(fragment)].first(where: numbering.hasAnchor)
    guard let anchor else {
      warn(
        "nothing in the report is named “\(fragment)”", at: link.position, remedy: "Headings are named as on GitHub.")
      return content
    }
    let heading = numbering.headings.first { $0.anchor == anchor }
    let shown = content.isEmpty ? HTML.text(heading.map { plainText($0.content) } ?? anchor) : content
    return .element("a", ["href": "#\(anchor)"], shown)
  }

  /// The number alone where the link says nothing but "Figure", else the link's words with the number behind them.
  private func labelled(_ content: HTML, _ inlines: [Inline], kind: ReportNumbering.Kind, label: String) -> HTML {
    let said = inlines.plainText.lowercased().trimmingWhitespace()
    let name = said[...].trimmingSuffix { $0.isNumber || $0.isWhitespace || $0 == "?" }
    let isPlain = name.isEmpty || (kind == .figure ? words.figureWords : words.tableWords).contains(String(name))
    return isPlain ? .text(label) : content + .text(words.remark(label, after: ""))
  }

  // MARK: Footnotes

  private mutating func footnoteReference(_ number: Int) -> HTML {
    let count = scope.footnoteReferences[number, default: 0] + 1
    scope.footnoteReferences[number] = count
    let id = "\(scope.prefix)fnref:\(number)" + (count == 1 ? "" : "-\(count)")
    return .element(
      "sup", ["class": "note"],
      .element("a", ["id": id, "href": "#\(scope.prefix)fn:\(number)", "role": "doc-noteref"], .text(String(number))))
  }

  /// The footnotes of the text being written.
  mutating func footnotes() -> HTML {
    let notes = scope.document.footnotes
    guard !notes.isEmpty else { return .empty }
    var items: [HTML] = []
    for (index, note) in notes.enumerated() {
      let back = HTML.element(
        "a",
        [
          "class": "back", "href": "#\(scope.prefix)fnref:\(index + 1)", "role": "doc-backlink",
          "aria-label": words.backToText,
        ],
        .text("↩\u{FE0E}"))
      items.append(.block("li", ["id": "\(scope.prefix)fn:\(index + 1)"], blocks(note), back))
    }
    return .block(
      "section", ["class": "footnotes", "role": "doc-endnotes", "aria-label": words.footnotes],
      .block("ol", [:], .lines(items)))
  }
}

extension Substring {
  func trimmingSuffix(while predicate: (Character) -> Bool) -> Substring {
    guard let last = lastIndex(where: { !predicate($0) }) else { return "" }
    return self[...last]
  }
}
