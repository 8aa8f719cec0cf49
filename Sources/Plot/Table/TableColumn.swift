extension Table {
  /// A column: its heading, how its numbers are written, and which of them are good.
  public struct Column: Codable, Hashable, Sendable {
    /// Which values are better.
    public enum Direction: String, Codable, Hashable, Sendable {
      case lower, higher
    }

    public var title: String
    public var unit: String?
    public var format: NumberFormat
    public var better: Direction?

    public init(
      _ title: String, unit: String? = nil, format: NumberFormat = .automatic, better: Direction? = nil
    ) {
      self.title = title
      self.unit = unit
      self.format = format
      self.better = better
    }

    /// Numbers with a fixed count of decimals, or as many as fit when `decimals` is nil.
    public static func number(
      _ title: String, unit: String? = nil, decimals: Int? = nil, better: Direction? = nil
    ) -> Column {
      Column(title, unit: unit, format: decimals.map { .decimals($0) } ?? .automatic, better: better)
    }

    /// Whole numbers.
    public static func integer(_ title: String, unit: String? = nil, better: Direction? = nil) -> Column {
      Column(title, unit: unit, format: .integer, better: better)
    }

    /// Shares of one, shown as percentages.
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
