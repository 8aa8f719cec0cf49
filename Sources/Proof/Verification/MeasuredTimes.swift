import Plot

/// Finds the parts of a result that are measured computing times. They differ in every run and are not verified.
/// Latencies in milliseconds are results; computing times are in seconds or more.
package enum MeasuredTimes {
  /// Units of time in metrics and in columns of tables.
  package static let units: Set<String> = ["s", "sec", "seconds", "min", "minutes", "h", "hours", "秒", "分钟", "小时"]

  /// Swift types of values that are times.
  private static let types: Set<String> = [
    "Duration", "Date", "ContinuousClock.Instant", "SuspendingClock.Instant", "DateInterval",
  ]

  /// Whether a value of this type is a time, or a list, an optional or a dictionary of times.
  package static func isTime(type: String) -> Bool {
    var type = type.replacing("Swift.", with: "").replacing("Foundation.", with: "")
    while true {
      if type.hasSuffix("?") {
        type.removeLast()
      } else if type.hasPrefix("["), type.hasSuffix("]") {
        type = String(type.dropFirst().dropLast())
        if let key = type.firstRange(of: ": ") { type = String(type[key.upperBound...]) }
      } else {
        return types.contains(type)
      }
    }
  }

  /// The text with every time replaced by a mark: `trained for ◷` for `trained for 3 min 05 s`.
  package static func masked(_ text: some StringProtocol) -> String {
    // Matches one or more numbers with units that are not followed by a letter or by "per".
    let times =
      #/
      (
        \d+(\.\d+)?([eE][-+]?\d+)? \ ?
        (seconds?|secs?|s|minutes?|mins?|hours?|h|秒钟?|分钟|小时)
        (?![\p{L}\p{N}_\/·²]) \ ?
      )+
      /#
    return String(text).replacing(times) { match in match.output.0.hasSuffix(" ") ? "◷ " : "◷" }
  }

  /// The table without the values in columns with units of time.
  package static func masked(_ table: Table) -> Table {
    let times = table.columns.map { $0.unit.map(units.contains) ?? false }
    let rows = table.rows.map { row in
      zip(row, times).map { value, isTime -> (any TableEntry)? in isTime ? nil : value }
    }
    return Table(columns: table.columns, rows: rows, caption: table.caption)
  }
}
