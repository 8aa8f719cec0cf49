/// A chart as data: panels of layered marks with their scales and guides. It is drawn only by
/// ``svg(theme:options:identifier:)``, ``png(scale:theme:options:)`` or ``pdf(theme:options:)``, so that one value
/// serves light and dark themes, all languages and all formats.
///
/// Static functions make usual charts. All their parts can be changed afterwards.
///
/// ```swift
/// var chart = Chart.scatter(x: parameters, y: latencies)
/// chart.title = "Latency by size"
/// chart.panels[0].x.title = "parameters"
/// chart.panels[0].y.unit = "ms"
/// ```
public struct Chart: Codable, Hashable, Sendable {
  public var title: Phrase?
  public var subtitle: Phrase?
  /// Sentences that describe the data. If there are none, ``description(language:)`` makes one from the layers.
  public var summary: [Phrase]
  /// The size of the whole picture in logical units (1/96 inch).
  public var size: Size
  /// The facets, row by row.
  public var panels: [Panel]
  /// The number of panels in a row.
  public var columns: Int
  /// Whether all panels span the same x values. Only the lowest panel of a column then shows the axis.
  public var sharesX: Bool
  /// Whether all panels span the same y values. Only the first panel of a row then shows the axis.
  public var sharesY: Bool
  /// Legend entries in addition to those that layers make themselves.
  public var legend: [LegendEntry]
  /// The map from the amounts of layers to colours, and the title, unit and ticks of the colour bar.
  public var amount: Axis
  /// The number of values that the chart leaves out because they are missing (NaN) or infinite; nil for none, and for
  /// charts in which gaps show them.
  public var leftOut: Int?

  public init(
    title: Phrase? = nil, subtitle: Phrase? = nil, summary: [Phrase] = [], size: Size = Size(width: 640, height: 380),
    panels: [Panel], columns: Int = 1, sharesX: Bool = false, sharesY: Bool = false, legend: [LegendEntry] = [],
    amount: Axis = Axis(extent: .tight)
  ) {
    self.title = title
    self.subtitle = subtitle
    self.summary = summary
    self.size = size
    self.panels = panels
    self.columns = columns
    self.sharesX = sharesX
    self.sharesY = sharesY
    self.legend = legend
    self.amount = amount
  }

  /// Records that `count` values are left out, unless it is 0.
  mutating func leave(out count: Int) {
    leftOut = count > 0 ? count : nil
  }
}

/// A width and a height in logical units.
public struct Size: Codable, Hashable, Sendable {
  public var width: Double
  public var height: Double

  public init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }
}

/// One line of a legend: a sample of the mark, and its meaning.
public struct LegendEntry: Codable, Hashable, Sendable {
  public enum Symbol: String, Codable, Hashable, Sendable {
    case line, point, area
  }

  public var label: Phrase
  public var symbol: Symbol
  public var style: Style

  public init(_ label: Phrase, symbol: Symbol = .line, style: Style = Style()) {
    self.label = label
    self.symbol = symbol
    self.style = style
  }
}
