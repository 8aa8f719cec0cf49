import Basics

/// Interprets the few HTML tags that writers use because Markdown has no notation for them.
///
/// Tags with attributes, tags without their partner and all other tags stay `Inline.html`. Comments are removed.
package enum InlineHTML {
  private static let styles: [String: Inline.Style] = [
    "em": .emphasis, "i": .emphasis, "strong": .strong, "b": .strong, "del": .deleted, "s": .deleted,
    "strike": .deleted,
    "ins": .inserted, "u": .underlined, "sup": .superscript, "sub": .subscript, "kbd": .keyboard, "mark": .highlighted,
    "small": .small,
  ]

  private enum Tag {
    case lineBreak, comment, other
    case opening(Inline.Style)
    case closing(Inline.Style)
  }

  package static func isComment(_ html: String) -> Bool {
    html.hasPrefix("<!--") && html.hasSuffix("-->") && html.dropFirst(4).dropLast(3).firstRange(of: "-->") == nil
  }

  private static func tag(_ html: String) -> Tag {
    if isComment(html) { return .comment }
    guard html.hasPrefix("<"), html.hasSuffix(">") else { return .other }
    let name = html.dropFirst().dropLast().lowercased()
    if name.hasPrefix("/") { return styles[String(name.dropFirst())].map { .closing($0) } ?? .other }
    if name.replacing("/", with: "").trimmingWhitespace() == "br" { return .lineBreak }
    return styles[name].map { .opening($0) } ?? .other
  }

  /// Replaces each pair of opening and closing tag, with the inlines between, by one styled inline. Tags that are
  /// nested more than `Budgets.markdownDepth` levels deep stay as they are.
  package static func paired(_ inlines: [Inline]) -> [Inline] {
    guard inlines.contains(where: { if case .html = $0 { true } else { false } }) else { return inlines }
    var open: [(style: Inline.Style, tag: Inline, content: [Inline])] = []
    var result: [Inline] = []
    func add(_ inlines: [Inline]) {
      if open.isEmpty { result += inlines } else { open[open.count - 1].content += inlines }
    }
    func abandonLast() {
      let last = open.removeLast()
      add([last.tag] + last.content)
    }
    for inline in inlines {
      guard case .html(let html, _) = inline else {
        add([inline])
        continue
      }
      switch tag(html) {
      case .comment: break
      case .lineBreak: add([.lineBreak])
      case .opening(let style) where open.count < Budgets.markdownDepth: open.append((style, inline, []))
      case .closing(let style):
        guard let partner = open.lastIndex(where: { $0.style == style }) else {
          add([inline])
          continue
        }
        while open.count > partner + 1 { abandonLast() }
        let content = open.removeLast().content
        add([.styled(style, content)])
      case .opening, .other: add([inline])
      }
    }
    while !open.isEmpty { abandonLast() }
    return result
  }
}
