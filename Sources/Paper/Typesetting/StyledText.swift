import Basics
import Report

/// A run of text with styles for parts of it, before it is set in lines.
struct StyledText {
  enum Attribute: Hashable {
    case bold, italic, monospaced, deleted, underlined, superscript, `subscript`
    /// Chinese emphasis: a dot beneath each character.
    case dotted
    case scale(Double)
    case color(Ink)
    /// A rounded box behind the text.
    case background(Ink)
    case link(LinkTarget)
    /// A reference to a footnote.
    case note(Int)
  }

  struct Span {
    /// The range in bytes of UTF-8.
    var range: Range<Int>
    var attribute: Attribute
  }

  /// An object in a line that is not text.
  enum Object {
    /// A formula, drawn at a multiple of the size in which it was set.
    case formula(MathBox, scale: Double = 1)
    case picture(Picture, width: Double, height: Double)

    var width: Double {
      switch self {
      case .formula(let box, let scale): box.width * scale
      case .picture(_, let width, _): width
      }
    }

    /// The height above the baseline.
    var ascent: Double {
      switch self {
      case .formula(let box, let scale): box.ascent * scale
      case .picture(_, _, let height): height
      }
    }

    var descent: Double {
      if case .formula(let box, let scale) = self { box.descent * scale } else { 0 }
    }

    func scaled(by factor: Double) -> Object {
      switch self {
      case .formula(let box, let scale): .formula(box, scale: scale * factor)
      case .picture(let picture, let width, let height):
        .picture(picture, width: width * factor, height: height * factor)
      }
    }
  }

  private(set) var text = ""
  private(set) var spans: [Span] = []
  /// Each object, with the byte offset of the character that is its placeholder.
  private(set) var objects: [(object: Object, offset: Int)] = []

  init() {}

  init(_ text: String, _ attributes: [Attribute] = []) {
    append(text, attributes)
  }

  var isEmpty: Bool { text.isEmpty }

  mutating func append(_ more: String, _ attributes: [Attribute] = []) {
    let start = text.utf8.count
    text += Self.printable(more)
    mark(start, attributes)
  }

  mutating func append(_ object: Object, _ attributes: [Attribute] = []) {
    let start = text.utf8.count
    objects.append((object, start))
    text += "\u{FFFC}"
    mark(start, attributes)
  }

  mutating func append(_ other: StyledText) {
    let start = text.utf8.count
    text += other.text
    spans += other.spans.map {
      Span(range: ($0.range.lowerBound + start)..<($0.range.upperBound + start), attribute: $0.attribute)
    }
    objects += other.objects.map { ($0.object, $0.offset + start) }
  }

  /// The text with its formulas and pictures scaled by `factor`, and none of them wider than `width`.
  func withObjects(scaledBy factor: Double, within width: Double = .infinity) -> StyledText {
    guard !objects.isEmpty else { return self }
    var text = self
    text.objects = objects.map { object, offset in
      let scaled = object.scaled(by: factor)
      return (scaled.width > width ? scaled.scaled(by: width / scaled.width) : scaled, offset)
    }
    return text
  }

  /// The text with zero-width spaces as possible line breaks, after underscores, slashes and points and within
  /// `lowerUpper`.
  var breakable: StyledText {
    var result = StyledText()
    var ends: [(old: Int, new: Int)] = []
    var before: Character?
    for character in text {
      if let before, "_/.".contains(before) || before.isLowercase && character.isUppercase {
        result.text += "\u{200B}"
      }
      ends.append((ends.last?.old ?? 0, result.text.utf8.count))
      result.text.append(character)
      ends[ends.count - 1].old += before.map { $0.utf8.count } ?? 0
      before = character
    }
    let length = result.text.utf8.count
    let places = Dictionary(ends.map { ($0.old, $0.new) }) { first, _ in first }
    result.spans = spans.map { span in
      let range = (places[span.range.lowerBound] ?? 0)..<(places[span.range.upperBound] ?? length)
      return Span(range: range, attribute: span.attribute)
    }
    return result
  }

  private mutating func mark(_ start: Int, _ attributes: [Attribute]) {
    let end = text.utf8.count
    guard end > start else { return }
    spans += attributes.map { Span(range: start..<end, attribute: $0) }
  }

  /// Text with its control and bidirectional characters made visible. An object's placeholder is kept.
  private static func printable(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { $0.visibleForm != nil || isUnset($0) }) else { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.visibleLines.unicodeScalars { result.append(isUnset(scalar) ? "\u{FFFD}" : scalar) }
    return String(result)
  }

  /// Whether the character is special in Pango, or invisible.
  private static func isUnset(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value == 0xFFFC || (0xFDD0...0xFDEF).contains(scalar.value)
  }
}

/// The target of a link on a page.
enum LinkTarget: Hashable {
  case address(String)
  /// A named place of the report.
  case place(String)
}
