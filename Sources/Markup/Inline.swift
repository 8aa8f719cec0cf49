/// What runs along a line of text: words, emphasis, links, code, formulas.
package indirect enum Inline: Hashable, Sendable {
  case text(String)
  /// A line end in the source that means a space; between Chinese or Japanese characters it means nothing and is left
  /// out.
  case softBreak
  /// A line end that the author asked for.
  case lineBreak
  case code(String)
  /// `` `{swift} expression` ``, to be replaced by its value.
  case expression(InlineExpression)
  case styled(Style, [Inline])
  case link(Link)
  case image(Image)
  /// A formula in TeX, without its dollar signs.
  case math(String, display: Bool)
  /// A formula with values in it.
  case formula(InlineFormula)
  /// Raw HTML that has no counterpart in this tree; writers show it as text.
  case html(String, SourcePosition)
  /// A mark that refers to `Document.footnotes[number - 1]`.
  case footnote(number: Int)

  /// Ways in which text stands out. The raw value is the element's name in HTML.
  package enum Style: String, Hashable, Sendable {
    case emphasis = "em"
    case strong
    case deleted = "del"
    case inserted = "ins"
    case underlined = "u"
    case superscript = "sup"
    case `subscript` = "sub"
    case keyboard = "kbd"
    case highlighted = "mark"
    case small
  }

  package struct Link: Hashable, Sendable {
    package var destination: String
    package var title: String
    package var content: [Inline]
    package var position: SourcePosition
  }

  package struct Image: Hashable, Sendable {
    /// A path relative to the notebook, or a URL.
    package var source: String
    /// The caption.
    package var title: String
    /// The words that stand for the picture where it can't be seen.
    package var alternative: String
    package var position: SourcePosition
  }
}

/// An expression in prose whose value takes its place.
package struct InlineExpression: Hashable, Sendable {
  /// Which of the document's expressions this is, counting from 0 in reading order.
  package var index: Int
  /// The Swift expression.
  package var source: String
  /// Where the expression's first character stands.
  package var position: SourcePosition
}

extension [Inline] {
  /// The words alone, without markup: for anchors, alternative texts and page titles.
  package var plainText: String {
    map { inline in
      switch inline {
      case .text(let text), .code(let text), .math(let text, _): text
      case .softBreak, .lineBreak: " "
      case .expression(let expression): expression.source
      case .formula(let formula): formula.unfilled.plainText
      case .styled(_, let content): content.plainText
      case .link(let link): link.content.plainText
      case .image(let image): image.alternative
      case .html, .footnote: ""
      }
    }.joined()
  }

  /// The words from which GitHub makes the name of a heading: inline expressions as the code they are, pictures without
  /// words.
  package var headingText: String {
    map { inline in
      switch inline {
      case .expression(let expression): "{swift} \(expression.source)"
      case .styled(_, let content): content.headingText
      case .link(let link): link.content.headingText
      case .image: ""
      default: [inline].plainText
      }
    }.joined()
  }

  /// All inlines of this run and of what it contains, in reading order.
  package var flattened: [Inline] {
    flatMap { inline -> [Inline] in
      switch inline {
      case .styled(_, let content): [inline] + content.flattened
      case .link(let link): [inline] + link.content.flattened
      default: [inline]
      }
    }
  }
}
