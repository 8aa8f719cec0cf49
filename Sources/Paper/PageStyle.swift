import Engine

/// The sheet that a report is set on: its size, its column and its letters.
struct PageStyle: Sendable {
  /// In logical units (1/96 inch).
  var width: Double
  /// Of a sheet; nil where all stands on one that is as long as it must be.
  var height: Double?
  var margin: (top: Double, side: Double, bottom: Double)
  /// Of the text, in logical units to an em.
  var fontSize: Double

  /// The width of the column.
  var column: Double { width - 2 * margin.side }
  /// The height of a sheet's column.
  var columnHeight: Double { (height ?? .infinity) - margin.top - margin.bottom }

  /// The sheet turned on its side, with as much room at its left edge; nil where there are no sheets.
  var turned: PageStyle? {
    height.map { PageStyle(width: $0, height: width, margin: margin, fontSize: fontSize) }
  }

  static let a4 = PageStyle(paper: .a4)
  static let letter = PageStyle(paper: .letter)
  /// One tall picture, as wide as a phone shows it with letters that can be read.
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
