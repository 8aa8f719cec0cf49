import Markup

/// Inlines as Markdown.
extension GFMReport {
  package mutating func text(_ inlines: [Inline], startsLine: Bool = true) -> String {
    var result = ""
    for inline in inlines { append(inline, to: &result) }
    return startsLine ? MarkdownText.withoutLineMarks(result) : result
  }

  private mutating func append(_ inline: Inline, to result: inout String) {
    switch inline {
    case .text(let text): result += MarkdownText.escaped(text)
    case .softBreak: result += " "
    case .lineBreak: result += "<br>"
    case .code(let code): result += MarkdownText.code(code)
    case .expression(let expression): result += value(of: expression)
    case .styled(let style, let content): result += styled(style, content)
    case .link(let link): result += self.link(link)
    case .image(let image): result += picture(image)
    case .math(let tex, let display):
      let tex = MarkdownText.formula(tex.replacing("\n", with: " "))
      // GitHub needs this form if a dollar sign touches a letter of another script.
      result += display ? "$$\(tex)$$" : "$`\(tex)`$"
    case .formula(let formula): result += text(formula.unfilled, startsLine: false)
    case .html(let html, let position):
      content.warnOfHTML(html, at: position)
      result += MarkdownText.escaped(html)
    case .footnote(let number): result += "[^\(content.scope.prefix)\(number)]"
    }
  }

  private mutating func styled(_ style: Inline.Style, _ inlines: [Inline]) -> String {
    let text = text(inlines, startsLine: false)
    let plain = content.plainText(inlines)
    // Beside punctuation or Chinese characters, Markdown may not recognise `*`; tags always work.
    let isPlain =
      [plain.first, plain.last].allSatisfy { $0.map { ($0.isLetter || $0.isNumber) && $0.isASCII } ?? false }
    switch style {
    case .emphasis where isPlain: return "*\(text)*"
    case .strong where isPlain: return "**\(text)**"
    case .deleted where isPlain: return "~~\(text)~~"
    default: return "<\(style.rawValue)>\(text)</\(style.rawValue)>"
    }
  }

  private func value(of expression: InlineExpression) -> String {
    switch content.outcome(of: expression) {
    case nil: MarkdownText.code(expression.source)
    case .value(let value): MarkdownText.escaped(value)
    case .failed(let failure): "\(MarkdownText.code(expression.source)) (\(MarkdownText.escaped(failure.message)))"
    case .notRun: "\(MarkdownText.code(expression.source)) (\(words.notRun))"
    }
  }

  private mutating func link(_ link: Inline.Link) -> String {
    let shown = text(link.content, startsLine: false)
    func labelled(_ label: String, isPlain: Bool) -> String {
      isPlain ? MarkdownText.escaped(label) : shown + MarkdownText.escaped(words.remark(label, after: ""))
    }
    switch content.destination(of: link) {
    case .nothing: return shown
    case .address(let address):
      return "[\(shown.isEmpty ? MarkdownText.escaped(address) : shown)](\(MarkdownText.address(address)))"
    case .file(let file):
      return
        "[\(shown.isEmpty ? MarkdownText.escaped(link.destination) : shown)](\(MarkdownText.address(file.markdown)))"
    case .numbered(let anchor, let label, let isPlain):
      return "[\(labelled(label, isPlain: isPlain))](#\(MarkdownText.address(anchor)))"
    case .unnumbered(_, let label, let isPlain): return labelled(label, isPlain: isPlain)
    case .place(let anchor, let title):
      let words = shown.isEmpty ? MarkdownText.escaped(title.map(content.plainText) ?? anchor) : shown
      return "[\(words)](#\(MarkdownText.address(headingNames[anchor] ?? anchor)))"
    }
  }
}
