/// A chart as data: panels of layered marks with their scales and guides. Nothing is drawn until
/// ``svg(theme:options:identifier:)``, ``png(scale:theme:options:)`` or ``pdf(theme:options:)`` asks for it, so one
/// value serves light and dark, every language and every format.
///
/// Ready compositions are static functions; any of their parts can be changed afterwards.
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
  /// Sentences that say what the data show; without any, ``description(language:)`` makes one from the layers.
  public var summary: [Phrase]
  /// The whole picture in logical units (1/96 inch).
  public var size: Size
  /// The facets, row by row.
  public var panels: [Panel]
  /// Panels side by side in a row.
  public var columns: Int
  /// All panels span the same x values; only the lowest panel of a column shows the axis.
  public var sharesX: Bool
  /// All panels span the same y values; only the first panel of a row shows the axis.
  public var sharesY: Bool
  /// Entries beyond those that layers make for themselves.
  public var legend: [LegendEntry]
  /// How the amounts of layers become colours, and the title, unit and ticks of the colour bar that explains them.
  public var amount: Axis
  /// How many of the values that the chart was made of it leaves out because they are missing (NaN) or infinite; nil
  /// for none, and for charts in which gaps show them.
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

  /// Says that values are left out; 0 says nothing.
  mutating func leave(out count: Int) {
    leftOut = count > 0 ? count : nil
  }
}

/// Width and height in logical units.
public struct Size: Codable, Hashable, Sendable {
  public var width: Double
  public var height: Double

  public init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }
}

/// One line of a legend: a sample of the mark and what it stands for.
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
