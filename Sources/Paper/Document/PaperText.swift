import Markup

/// Converts inlines to styled text.
extension PaperReport {
  mutating func styled(_ inlines: [Inline], _ format: TextFormat, _ attributes: [StyledText.Attribute] = [])
    -> StyledText
  {
    var text = StyledText()
    for inline in inlines { append(inline, format, attributes, to: &text) }
    return text
  }

  private mutating func append(
    _ inline: Inline, _ format: TextFormat, _ attributes: [StyledText.Attribute], to text: inout StyledText
  ) {
    switch inline {
    case .text(let words): text.append(words, attributes)
    case .softBreak: text.append(" ", attributes)
    // Pango's character for a new line in the same paragraph.
    case .lineBreak: text.append("\n", attributes)
    case .code(let code): text.append(Self.boxed(code), attributes + Self.codeAttributes)
    case .expression(let expression): append(expression, attributes, to: &text)
    case .styled(let style, let inner):
      text.append(styled(inner, format, attributes + self.attributes(of: style, inner)))
    case .link(let link): append(link, format, attributes, to: &text)
    case .image(let image): append(image, format, attributes, to: &text)
    case .formula(let formula): text.append(styled(formula.unfilled, format, attributes))
    case .math(let tex, let display):
      guard let element = content.formulas[tex, display: display] else {
        return text.append(tex, attributes + [.italic])
      }
      let math = MathSetter(setter: setter, color: format.color)
      let size = format.size * 1.06
      let box = math.box(element, size: size, display: display)
      // A line may break within a formula that is longer than half the line.
      let isLong = box.width > column.width / 2
      if display { text.append("\n", attributes) }
      for piece in isLong ? math.pieces(element, size: size, display: display, width: column.width) : [box] {
        text.append(.formula(piece, scale: min(1, column.width / max(piece.width, 1))), attributes)
      }
      if display { text.append("\n", attributes) }
    case .html(let html, let position):
      content.warnOfHTML(html, at: position)
      text.append(html, attributes)
    case .footnote(let number):
      var marks = attributes + [.superscript, .color(.accent), .note(number)]
      if content.scope.isNotebook { marks.append(.link(.place(Self.notePlace(number)))) }
      text.append(String(number), marks)
    }
  }

  /// Words with room for the box around them, without a line break.
  static func boxed(_ words: String) -> String { "\u{202F}\(words)\u{202F}" }

  static let codeAttributes: [StyledText.Attribute] = [.monospaced, .scale(0.86), .background(.soft)]

  static func notePlace(_ number: Int) -> String { "note:\(number)" }

  private func attributes(of style: Inline.Style, _ inner: [Inline]) -> [StyledText.Attribute] {
    switch style {
    case .emphasis: content.plainText(inner).contains(where: \.isEastAsianWide) ? [.dotted] : [.italic]
    case .strong: [.bold]
    case .deleted: [.deleted]
    case .inserted, .underlined: [.underlined]
    case .superscript: [.superscript]
    case .subscript: [.subscript]
    case .keyboard: [.monospaced, .scale(0.86), .background(.line)]
    case .highlighted: [.background(.mark)]
    case .small: [.scale(0.85)]
    }
  }

  private func append(
    _ expression: InlineExpression, _ attributes: [StyledText.Attribute], to text: inout StyledText
  ) {
    switch content.outcome(of: expression) {
    case nil: text.append(Self.boxed(expression.source), attributes + Self.codeAttributes)
    case .value(let value): text.append(value, attributes)
    case .failed(let failure):
      text.append(Self.boxed("\(expression.source) \(failure.message)"), attributes + Self.missing)
    case .notRun: text.append(Self.boxed("\(expression.source) \(words.notRun)"), attributes + Self.missing)
    }
  }

  static let missing: [StyledText.Attribute] = [.color(.warn), .background(.warnSoft), .scale(0.92)]

  // MARK: Links

  private mutating func append(
    _ link: Inline.Link, _ format: TextFormat, _ attributes: [StyledText.Attribute], to text: inout StyledText
  ) {
    func labelled(_ label: String, isPlain: Bool, _ marks: [StyledText.Attribute]) {
      if isPlain { return text.append(label, marks) }
      text.append(styled(link.content, format, marks))
      text.append(words.remark(label, after: ""), marks)
    }
    switch content.destination(of: link) {
    case .nothing: text.append(styled(link.content, format, attributes))
    case .address(let address):
      let marks = attributes + [.color(.accent), .link(.address(address))]
      link.content.isEmpty ? text.append(address, marks) : text.append(styled(link.content, format, marks))
    case .file(let file):
      let marks = attributes + [.color(.accent), .link(.address(file.page))]
      link.content.isEmpty ? text.append(link.destination, marks) : text.append(styled(link.content, format, marks))
    case .numbered(let anchor, let label, let isPlain):
      labelled(label, isPlain: isPlain, attributes + [.color(.accent), .link(.place(anchor))])
    case .unnumbered(_, let label, let isPlain): labelled(label, isPlain: isPlain, attributes + Self.missing)
    case .place(let anchor, let title):
      let marks = attributes + [.color(.accent), .link(.place(anchor))]
      link.content.isEmpty
        ? text.append(title.map(content.plainText) ?? anchor, marks)
        : text.append(styled(link.content, format, marks))
    }
  }

  // MARK: Pictures

  private mutating func append(
    _ image: Inline.Image, _ format: TextFormat, _ attributes: [StyledText.Attribute], to text: inout StyledText
  ) {
    switch picture(image) {
    case .success(let picture):
      let size = fitted(picture, width: column.width, height: style.columnHeight * 0.5)
      text.append(.picture(picture, width: size.width, height: size.height), attributes)
    case .failure(let note): text.append(Self.boxed(note.text), attributes + Self.missing)
    }
  }

  /// The text in place of a picture.
  struct PictureNote: Error {
    var text: String
  }

  mutating func picture(_ image: Inline.Image) -> Result<Picture, PictureNote> {
    switch content.picture(image) {
    case .missing(let text, _): return .failure(PictureNote(text: text))
    case .data(let data):
      if let picture = Picture(data) { return .success(picture) }
      content.warn(
        "the picture \(image.source.prefix(60)) can't be drawn in the PDF and the picture of the report",
        at: image.position, remedy: "Save it as PNG or JPEG.")
      let name = image.alternative.isEmpty ? image.source : image.alternative
      return .failure(PictureNote(text: words.picture(name, problem: .unknownFormat)))
    }
  }

  /// The size of a picture on the page: one pixel per unit if that fits, else smaller.
  func fitted(_ picture: Picture, width: Double, height: Double) -> (width: Double, height: Double) {
    let factor = min(1, width / Double(picture.width), height / Double(picture.height))
    return (Double(picture.width) * factor, Double(picture.height) * factor)
  }
}
