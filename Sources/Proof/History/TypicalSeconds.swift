/// How long the cells of a notebook ran before, for estimates.
package struct TypicalSeconds: Sendable {
  private var byKey: [String: [Double]] = [:]
  private var byCell: [String: [Double]] = [:]

  /// Of so many runs of a cell the middle one counts.
  private static let runs = 5

  /// - Parameter times: The newest first.
  package init(times: [(cell: String, key: String?, seconds: Double?)]) {
    for time in times {
      guard let seconds = time.seconds else { continue }
      if let key = time.key { byKey[key, default: []].append(seconds) }
      byCell[time.cell, default: []].append(seconds)
    }
  }

  /// The median of the newest runs of the cell under this very key, or else of the cell in any version; nil when it
  /// never ran.
  package func seconds(cell: String, key: String? = nil) -> Double? {
    guard let times = key.flatMap({ byKey[$0] }) ?? byCell[cell] else { return nil }
    let sorted = times.prefix(Self.runs).sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
