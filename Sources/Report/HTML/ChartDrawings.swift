import Basics
import Plot

/// A chart drawn for the page: as it is, and once more for the width of a phone, where its text would shrink beyond
/// reading.
package struct ChartDrawings {
  private let wide: String
  /// Nil for a chart that fits a phone as it is, or that can't be made narrower.
  private let narrow: String?
  /// In logical units.
  private let width: Double

  /// On the page a chart is at most this many times its own size, so that its text does not outgrow the page's.
  private static let greatestScale = 1.15
  /// The room that a phone gives, in logical units.
  private static let phoneWidth = 380.0

  /// - Parameter glyphs: Takes the letters' outlines; nil leaves them in the drawings.
  /// - Throws: `DrawingError` when the chart can't be drawn.
  package init(_ chart: Chart, language: String, identifier: String, glyphs: SharedGlyphs? = nil) throws {
    let options = DrawingOptions(language: language)
    width = chart.size.width
    wide = try chart.svg(options: options, identifier: identifier, glyphs: glyphs)
    narrow =
      width > Self.phoneWidth
      ? try? chart.narrowed(to: Self.phoneWidth)?.svg(
        options: options, identifier: "\(identifier)-narrow", glyphs: glyphs) : nil
  }

  /// Both drawings, of which the style sheet shows one; a single wide one in a box that scrolls sideways on a phone.
  package var html: HTML {
    let style = "max-width:\(Int(clamping: width * Self.greatestScale))px"
    if let narrow {
      return .lines([
        .element("div", ["class": "narrow"], .trusted(narrow)),
        .element("div", ["class": "wide", "style": style], .trusted(wide)),
      ])
    }
    guard width > Self.phoneWidth else { return .element("div", ["class": "wide", "style": style], .trusted(wide)) }
    return .block(
      "div", ["class": "scroll", "tabindex": "0"],
      .element("div", ["class": "wide", "style": "\(style);--width:\(Int(clamping: width * 0.75))px"], .trusted(wide)))
  }
}
