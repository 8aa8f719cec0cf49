import Basics

/// Typical durations of a notebook's cells in seconds, for estimates.
package struct TypicalSeconds: Sendable {
  private var byKey: [String: [Double]] = [:]
  private var byCell: [String: [Double]] = [:]

  /// The number of newest runs of a cell whose median is taken.
  private static let runs = 5

  /// - Parameter times: The recorded durations, the newest first.
  package init(times: [(cell: String, key: String?, seconds: Double?)]) {
    for time in times {
      guard let seconds = time.seconds else { continue }
      if let key = time.key { byKey[key, default: []].append(seconds) }
      byCell[time.cell, default: []].append(seconds)
    }
  }

  /// The median of the newest runs of the cell with this key, or of the cell in any version if there are none; nil
  /// when it never ran.
  package func seconds(cell: String, key: String? = nil) -> Double? {
    guard let times = key.flatMap({ byKey[$0] }) ?? byCell[cell] else { return nil }
    return times.prefix(Self.runs).median
  }
}
