import Plot

/// A chart drawn for the page: as it is, and once more for the width of a phone, where its text would shrink beyond reading.
struct ChartDrawings {
  private let wide: String
  private let narrow: String?
  private let width: Double

  /// On the page a chart is at most this many times its own size, so that its text does not outgrow the page's.
  private static let greatestScale = 1.15
  /// The room that a phone gives, in logical units.
  private static let phoneWidth = 380.0
  /// Drawings of more bytes than this are not made twice; they scroll sideways on a phone.
  private static let greatestNarrowSize = 60_000

  /// - Throws: `DrawingError` when the chart can't be drawn.
  init(_ chart: Chart, language: String, identifier: String) throws {
    let options = DrawingOptions(language: language)
    width = chart.size.width
    wide = try chart.svg(options: options, identifier: identifier)
    guard chart.size.width > Self.phoneWidth * 1.2, wide.utf8.count <= Self.greatestNarrowSize else {
      narrow = nil
      return
    }
    narrow = try? Self.narrowed(chart).svg(options: options, identifier: "\(identifier)-narrow")
  }

  /// The panels below each other, each lower than it is wide; those that stood side by side gain the width.
  private static func narrowed(_ chart: Chart) -> Chart {
    var narrow = chart
    let columns = max(1, min(chart.columns, chart.panels.count))
    let rows = max(1, (chart.panels.count + columns - 1) / columns)
    let height = min(chart.size.height / Double(rows), phoneWidth * (columns == 1 ? 0.8 : 0.9))
    narrow.columns = 1
    narrow.size = Size(width: phoneWidth, height: max(240, height * Double(rows * columns)))
    return narrow
  }

  /// Both drawings, of which the style sheet shows one; a single one in a box that scrolls sideways on a phone.
  var html: HTML {
    let style = "max-width:\(Int(width * Self.greatestScale))px"
    let wide = HTML.element("div", ["class": "wide", "style": style], .trusted(wide))
    guard let narrow else { return .block("div", ["class": "scroll", "tabindex": "0"], wide) }
    return .lines([.element("div", ["class": "narrow"], .trusted(narrow)), wide])
  }
}
