/// A geometric form and the data it shows. All channels of a mark have the same number of values.
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

/// A mark with its looks and its name.
public struct Layer: Codable, Hashable, Sendable {
  /// Where the name is written.
  public enum LabelPlace: String, Codable, Hashable, Sendable {
    /// Beside the mark's last value, moved as far as needed to keep clear of other names.
    case end
    case legend
  }

  public var mark: Mark
  public var style: Style
  public var label: Phrase?
  public var labelPlace: LabelPlace

  public init(_ mark: Mark, style: Style = Style(), label: Phrase? = nil, labelPlace: LabelPlace = .end) {
    self.mark = mark
    self.style = style
    self.label = label
    self.labelPlace = labelPlace
  }
}

/// The looks of a mark; colours are roles that the theme fills when the chart is drawn.
public struct Style: Codable, Hashable, Sendable {
  public enum Dash: String, Codable, Hashable, Sendable {
    case solid, dashed, dotted
  }

  /// Which part of a text stands at its position.
  public enum Anchor: String, Codable, Hashable, Sendable {
    case start, middle, end
  }

  public var color: Color
  /// 0 to 1.
  public var opacity: Double
  /// Width of a line in logical units.
  public var width: Double
  public var dash: Dash
  /// Radius of a point in logical units.
  public var radius: Double
  /// Points are rings filled with the paper's colour.
  public var isHollow: Bool
  public var anchor: Anchor
  /// A text's shift to the right and upwards, in logical units.
  public var shiftRight: Double
  public var shiftUp: Double
  /// Texts move up or down to keep clear of the others at the same x.
  public var avoidsOverlap: Bool
  public var isBold: Bool

  public init(
    color: Color = .series(0), opacity: Double = 1, width: Double = 1.75, dash: Dash = .solid, radius: Double = 2.5,
    isHollow: Bool = false, anchor: Anchor = .middle, shiftRight: Double = 0, shiftUp: Double = 0,
    avoidsOverlap: Bool = false, isBold: Bool = false
  ) {
    self.color = color
    self.opacity = opacity
    self.width = width
    self.dash = dash
    self.radius = radius
    self.isHollow = isHollow
    self.anchor = anchor
    self.shiftRight = shiftRight
    self.shiftUp = shiftUp
    self.avoidsOverlap = avoidsOverlap
    self.isBold = isBold
  }

  /// A copy with changes.
  func with(_ change: (inout Style) -> Void) -> Style {
    var copy = self
    change(&copy)
    return copy
  }
}

/// What a colour is for; ``Theme`` says what it looks like.
public enum Color: Codable, Hashable, Sendable {
  /// Text and emphasis.
  case ink
  /// Axis labels, rules.
  case muted
  case grid
  /// The background.
  case paper
  /// The colour of the nth series, from 0; there are ten, then they repeat.
  case series(Int)
}
