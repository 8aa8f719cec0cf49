/// How data values become positions.
public enum Scale: Codable, Hashable, Sendable {
  case linear
  /// Base 10. Values of zero and below have no position and are left out.
  case logarithmic
  /// Points in time as seconds since 1970, UTC; ticks are years, months, weeks, days or parts of them.
  case time
  /// Named places at 0, 1, 2, ...
  case category([Phrase])
}

/// One direction of a panel: its scale and what is shown of it.
public struct Axis: Codable, Hashable, Sendable {
  public enum Extent: Codable, Hashable, Sendable {
    /// The axis spans the data from the least to the greatest value.
    case tight
    /// Widened to the next round values.
    case nice
    /// Widened by 4 % at both ends, so that marks don't touch the frame.
    case padded
    case fixed(from: Double, to: Double)
  }

  public var title: Phrase?
  /// Shown in parentheses after the title.
  public var unit: String?
  public var scale: Scale
  public var extent: Extent
  /// Zero belongs to the axis even if no value is near it.
  public var includesZero: Bool
  /// Values grow to the left or downwards.
  public var isReversed: Bool
  public var format: NumberFormat
  /// The values that have ticks, in place of round ones. Where they have no room, only every nth is labelled.
  public var ticks: [Double]?
  public var showsGrid: Bool
  /// Whether values or categories are written along the axis.
  public var showsLabels: Bool
  /// Whether a line stands where the axis begins.
  public var showsLine: Bool
  /// Values grow by whole numbers only, so ticks are whole too.
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
