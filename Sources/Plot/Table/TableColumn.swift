extension Table {
  /// A column: its heading, the format of its numbers, and which of them are good.
  public struct Column: Codable, Hashable, Sendable {
    /// Which values are better.
    public enum Direction: String, Codable, Hashable, Sendable {
      case lower, higher
    }

    public var title: String
    public var unit: String?
    public var format: NumberFormat
    public var better: Direction?
    /// Whether a small bar is drawn behind or beside each number: see ``Table/bar(row:column:)``.
    public var showsBars: Bool

    public init(
      _ title: String, unit: String? = nil, format: NumberFormat = .automatic, better: Direction? = nil,
      showsBars: Bool = false
    ) {
      self.title = title
      self.unit = unit
      self.format = format
      self.better = better
      self.showsBars = showsBars
    }

    /// The column with a small bar for each number.
    ///
    /// ```swift
    /// Table(columns: ["device", .number("latency", unit: "ms", better: .lower).bars()],
    ///   rows: [["Pi 4", 54.8], ["Jetson", 20.6]])
    /// ```
    public func bars() -> Column {
      var copy = self
      copy.showsBars = true
      return copy
    }

    /// Numbers with a fixed number of decimals; nil chooses it automatically.
    public static func number(
      _ title: String, unit: String? = nil, decimals: Int? = nil, better: Direction? = nil
    ) -> Column {
      Column(title, unit: unit, format: decimals.map { .decimals($0) } ?? .automatic, better: better)
    }

    /// Whole numbers.
    public static func integer(_ title: String, unit: String? = nil, better: Direction? = nil) -> Column {
      Column(title, unit: unit, format: .integer, better: better)
    }

    /// Fractions, shown as percentages.
    public static func percent(_ title: String, decimals: Int = 1, better: Direction? = nil) -> Column {
      Column(title, format: .percent(decimals), better: better)
    }
  }
}

extension Table.Column: ExpressibleByStringInterpolation {
  public init(stringLiteral value: String) {
    self.init(value)
  }
}
