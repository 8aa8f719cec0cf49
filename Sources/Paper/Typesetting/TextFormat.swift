import Report

/// The format of a paragraph's text.
struct TextFormat: Hashable {
  enum Family {
    case text, code, mathematics
  }

  var family = Family.text
  /// The size, in logical units per em.
  var size: Double
  /// The distance between baselines, in ems.
  var lineHeight = 1.6
  var color = Ink.ink
  var isBold = false
  var isItalic = false
  /// Whether digits have equal widths, for columns.
  var hasTabularFigures = false
  /// Whether spaces and line ends are kept, as in code.
  var keepsSpaces = false

  /// The line's height in logical units.
  var pitch: Double { size * lineHeight }

  func sized(_ factor: Double) -> TextFormat {
    var format = self
    format.size *= factor
    return format
  }
}
