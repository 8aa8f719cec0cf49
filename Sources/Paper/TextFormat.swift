import Report

/// How a paragraph's text looks as a whole.
struct TextFormat: Hashable {
  enum Family {
    case text, code, mathematics
  }

  var family = Family.text
  /// Logical units to an em.
  var size: Double
  /// From base line to base line, in ems.
  var lineHeight = 1.6
  var color = Ink.ink
  var isBold = false
  var isItalic = false
  /// Figures of equal width, for columns.
  var hasTabularFigures = false
  /// Whether spaces and line ends stay as they are, as in code.
  var keepsSpaces = false

  /// The line's height in logical units.
  var pitch: Double { size * lineHeight }

  func sized(_ factor: Double) -> TextFormat {
    var format = self
    format.size *= factor
    return format
  }
}
