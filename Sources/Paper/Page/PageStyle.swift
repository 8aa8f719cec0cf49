import Engine

/// The style of a sheet: its size, its column and its letters.
struct PageStyle: Sendable {
  /// The width in logical units (1/96 inch).
  var width: Double
  /// The height of a sheet; nil for a single sheet as long as its content.
  var height: Double?
  var margin: (top: Double, side: Double, bottom: Double)
  /// The size of the text, in logical units per em.
  var fontSize: Double

  /// The width of the column.
  var column: Double { width - 2 * margin.side }
  /// The height of the column.
  var columnHeight: Double { (height ?? .infinity) - margin.top - margin.bottom }

  /// The sheet in landscape orientation, with the same margin at its left edge; nil if there are no sheets.
  var turned: PageStyle? {
    height.map { PageStyle(width: $0, height: width, margin: margin, fontSize: fontSize) }
  }

  static let a4 = PageStyle(paper: .a4)
  static let letter = PageStyle(paper: .letter)
  /// One tall picture, whose width lets letters be read on a phone.
  static let image = PageStyle(width: 640, height: nil, margin: (44, 40, 44), fontSize: 16.5)

  init(paper: PaperSize) {
    switch paper {
    case .a4: (width, height) = (793.7, 1122.5)
    case .letter: (width, height) = (816, 1056)
    }
    margin = (80, (width - 610) / 2, 84)
    fontSize = 14
  }

  init(width: Double, height: Double?, margin: (top: Double, side: Double, bottom: Double), fontSize: Double) {
    (self.width, self.height, self.margin, self.fontSize) = (width, height, margin, fontSize)
  }
}
