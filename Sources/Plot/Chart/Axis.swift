/// The map from data values to positions.
public enum Scale: Codable, Hashable, Sendable {
  case linear
  /// A logarithmic scale with base 10. Values of 0 and below have no position and are left out.
  case logarithmic
  /// Points in time as seconds since 1970 in UTC. Ticks are years, months, weeks, days or parts of them.
  case time
  /// Named positions at 0, 1, 2, ...
  case category([Phrase])
}

/// One axis of a panel: its scale and its guides.
public struct Axis: Codable, Hashable, Sendable {
  public enum Extent: Codable, Hashable, Sendable {
    /// The axis spans the data from the least to the greatest value.
    case tight
    /// The axis is widened to the next round values.
    case nice
    /// The axis is widened by 4 % at both ends, so that marks don't touch the frame.
    case padded
    case fixed(from: Double, to: Double)
  }

  public var title: Phrase?
  /// The unit, which is shown in parentheses after the title.
  public var unit: String?
  public var scale: Scale
  public var extent: Extent
  /// Whether the axis includes zero even if no value is near it.
  public var includesZero: Bool
  /// Whether values grow to the left or downwards.
  public var isReversed: Bool
  public var format: NumberFormat
  /// The values of ticks, in place of automatic ones. If there is no room for all labels, only every nth tick is
  /// labelled.
  public var ticks: [Double]?
  public var showsGrid: Bool
  /// Whether values or categories are written along the axis.
  public var showsLabels: Bool
  /// Whether a line is drawn at the start of the axis.
  public var showsLine: Bool
  /// Whether values are whole numbers, so that ticks are whole too.
  public var isWhole: Bool

  public init(
    _ title: Phrase? = nil, unit: String? = nil, scale: Scale = .linear, extent: Extent = .nice,
    includesZero: Bool = false, isReversed: Bool = false, format: NumberFormat = .automatic, ticks: [Double]? = nil,
    showsGrid: Bool = false, showsLabels: Bool = true, showsLine: Bool = true, isWhole: Bool = false
  ) {
    self.title = title
    self.unit = unit
    self.scale = scale
    self.extent = extent
    self.includesZero = includesZero
    self.isReversed = isReversed
    self.format = format
    self.ticks = ticks
    self.showsGrid = showsGrid
    self.showsLabels = showsLabels
    self.showsLine = showsLine
    self.isWhole = isWhole
  }

  /// An axis that isn't drawn.
  public static let hidden = Axis(extent: .tight, showsLabels: false, showsLine: false)

  /// A copy with changes.
  func with(_ change: (inout Axis) -> Void) -> Axis {
    var copy = self
    change(&copy)
    return copy
  }
}
