/// A part of a line of text: words, emphasis, links, code, formulas.
package indirect enum Inline: Hashable, Sendable {
  case text(String)
  /// A line end in the source that means a space. Between Chinese or Japanese characters it is left out.
  case softBreak
  /// A line break that the author requested.
  case lineBreak
  case code(String)
  /// An inline expression `` `{swift} expression` ``, which is replaced by its value.
  case expression(InlineExpression)
  case styled(Style, [Inline])
  case link(Link)
  case image(Image)
  /// A formula in TeX, without its dollar signs.
  case math(String, display: Bool)
  /// A formula with expressions in it.
  case formula(InlineFormula)
  /// Raw HTML without a counterpart in this tree. Writers show it as text.
  case html(String, SourcePosition)
  /// A reference to `Document.footnotes[number - 1]`.
  case footnote(number: Int)

  /// The styles of text. The raw value is the name of the HTML element.
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
    /// The text in place of the picture for readers who can't see it.
    package var alternative: String
    package var position: SourcePosition
  }
}

/// An expression in prose that is replaced by its value.
package struct InlineExpression: Hashable, Sendable {
  /// The index among the document's expressions, from 0 in reading order.
  package var index: Int
  /// The Swift expression.
  package var source: String
  /// The position of the expression's first character.
  package var position: SourcePosition
}

extension [Inline] {
  /// The text without markup, for anchors, alternative texts and page titles.
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

  /// The text from which GitHub makes the anchor of a heading: inline expressions as code, pictures without words.
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
