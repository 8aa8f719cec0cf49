/// A geometric form and its data. All channels of a mark have the same number of values; a value that is not finite
/// is a gap in a line or an area.
public enum Mark: Codable, Hashable, Sendable {
  case line(x: Values, y: Values)
  case point(x: Values, y: Values)
  /// The band between two curves.
  case area(x: Values, low: Values, high: Values)
  case rectangle(left: Values, right: Values, bottom: Values, top: Values)
  /// Straight lines across the whole panel.
  case rule(Direction, at: Values)
  case text(x: Values, y: Values, labels: [Phrase])

  public enum Direction: String, Codable, Hashable, Sendable {
    case horizontal, vertical
  }
}

/// A mark with its style and its name.
public struct Layer: Codable, Hashable, Sendable {
  /// The place where the name of a layer is written.
  public enum LabelPlace: String, Codable, Hashable, Sendable {
    /// Beside the mark's last value, moved as far as necessary to avoid overlaps with other names.
    case end
    case legend
  }

  public var mark: Mark
  public var style: Style
  /// Amounts, one for each value of the mark, that are shown as colours on the scale ``Chart/amount``. A line has the
  /// colour of its first value, and a new one after each gap. A text is black or white, on a background of that
  /// colour.
  public var amounts: Values?
  public var label: Phrase?
  public var labelPlace: LabelPlace

  public init(
    _ mark: Mark, style: Style = Style(), amounts: Values? = nil, label: Phrase? = nil, labelPlace: LabelPlace = .end
  ) {
    self.mark = mark
    self.style = style
    self.amounts = amounts
    self.label = label
    self.labelPlace = labelPlace
  }
}

/// The style of a mark. Colours are roles, for which the theme provides colours when the chart is drawn.
public struct Style: Codable, Hashable, Sendable {
  public enum Dash: String, Codable, Hashable, Sendable {
    case solid, dashed, dotted
  }

  /// How a text avoids overlaps with others.
  public enum Avoidance: String, Codable, Hashable, Sendable {
    case none
    /// The text moves up or down, away from texts at the same x.
    case column
    /// The text is placed on a free side of its point, or further away and then joined to the point by a line.
    case around
  }

  /// The part of a text that is at its position.
  public enum Anchor: String, Codable, Hashable, Sendable {
    case start, middle, end
  }

  public var color: Color
  /// The opacity, from 0 to 1.
  public var opacity: Double
  /// Width of a line in logical units.
  public var width: Double
  public var dash: Dash
  /// Whether a line ends with an arrow head, also before each gap.
  public var hasArrow: Bool
  /// Radius of a point in logical units.
  public var radius: Double
  /// Whether points are rings filled with the paper's colour.
  public var isHollow: Bool
  /// Radius of a rectangle's corners in logical units.
  public var cornerRadius: Double
  /// The width of the paper on each side of a rectangle, in logical units. Narrow rectangles have none.
  public var inset: Double
  /// The width of the opaque outline of a rectangle or an area; 0 for none.
  public var outlineWidth: Double
  public var anchor: Anchor
  /// A text's shift to the right and upwards, in logical units.
  public var shiftRight: Double
  public var shiftUp: Double
  public var avoidance: Avoidance
  public var isBold: Bool
  /// The size of letters, in logical units per em; nil for the size of labels.
  public var textSize: Double?

  public init(
    color: Color = .series(0), opacity: Double = 1, width: Double = 1.75, dash: Dash = .solid, hasArrow: Bool = false,
    radius: Double = 2.5, isHollow: Bool = false, cornerRadius: Double = 0, inset: Double = 0.5,
    outlineWidth: Double = 0, anchor: Anchor = .middle, shiftRight: Double = 0, shiftUp: Double = 0,
    avoidance: Avoidance = .none, isBold: Bool = false, textSize: Double? = nil
  ) {
    self.color = color
    self.opacity = opacity
    self.width = width
    self.dash = dash
    self.hasArrow = hasArrow
    self.radius = radius
    self.isHollow = isHollow
    self.cornerRadius = cornerRadius
    self.inset = inset
    self.outlineWidth = outlineWidth
    self.anchor = anchor
    self.shiftRight = shiftRight
    self.shiftUp = shiftUp
    self.avoidance = avoidance
    self.isBold = isBold
    self.textSize = textSize
  }

  /// A copy with changes.
  func with(_ change: (inout Style) -> Void) -> Style {
    var copy = self
    change(&copy)
    return copy
  }
}

/// The role of a colour. ``Theme`` provides the colour itself.
public enum Color: Codable, Hashable, Sendable {
  /// The colour of text and emphasis.
  case ink
  /// The colour of axis labels and rules.
  case muted
  case grid
  /// The colour of the background.
  case paper
  /// The colour of the nth series, from 0. There are ten colours, which then repeat.
  case series(Int)
}
