import Basics
import Plot

/// The drawings of a chart for the page: one at full width, and one for a phone, on which the first one's text would
/// be too small to read.
package struct ChartDrawings {
  private let wide: String
  /// The narrow drawing; nil for a chart that fits a phone anyway, or that can't be made narrower.
  private let narrow: String?
  /// The chart's own width, in logical units.
  private let width: Double

  /// The greatest scale of a chart on the page, so that its text does not become larger than the page's text.
  private static let greatestScale = 1.15
  /// The width of a phone, in logical units.
  private static let phoneWidth = 380.0

  /// - Parameter glyphs: Collects the outlines of the letters; nil keeps them in the drawings.
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

  /// Both drawings, one of which the style sheet shows. A chart with only a wide drawing scrolls sideways on a phone.
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
