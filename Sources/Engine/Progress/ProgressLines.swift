import Basics

/// The lines of a run's live block: one a running cell, each as wide as the terminal at most.
package struct ProgressLines: Sendable {
  /// Columns of the terminal.
  package var columns: Int
  /// Rows of the terminal.
  package var rows: Int
  /// Columns of the widest cell name.
  package var nameColumns: Int

  private static let barColumns = 24
  /// A bar narrower than this tells nothing.
  private static let leastBarColumns = 8

  /// - Parameter waiting: How many cells have neither begun nor settled.
  package func lines(_ activities: [CellActivity], waiting: Int, at now: ContinuousClock.Instant) -> [String] {
    var lines = activities.map { line($0, at: now) }
    // A block that is higher than the terminal could not be drawn in place.
    let room = max(1, rows - 2)
    if lines.count > room {
      let hidden = lines.count - room + 1
      lines = lines.prefix(room - 1) + [fitted("… and \(hidden) more running")]
    } else if waiting > 0, lines.count < room, !lines.isEmpty {
      lines.append(fitted(String(repeating: " ", count: shownNameColumns + 2) + "\(waiting) to go"))
    }
    return lines
  }

  /// A line about a cell that has settled, or another that stays.
  package func settled(_ cell: String, _ text: String) -> String {
    "\(name(cell))  \(text.visible)"
  }

  private func line(_ activity: CellActivity, at now: ContinuousClock.Instant) -> String {
    let lead = name(activity.cell) + "  "
    guard activity.phase == .running else { return fitted(lead + "compiling") }
    guard let fraction = activity.fraction else {
      let note = activity.own?.note ?? ""
      let time = ProgressDisplay.time(activity.seconds(at: now))
      return fitted("\(lead)\(activity.place ?? "running")  \(time)\(note.isEmpty ? "" : "  \(note)")")
    }
    let facts = facts(activity, at: now).joined(separator: "  ")
    let room = columns - 1 - lead.displayColumns - facts.displayColumns - 2
    let bar = min(Self.barColumns, room)
    // Where there is no room for a bar, the facts go first.
    return fitted(lead + (bar >= Self.leastBarColumns ? Self.bar(fraction, columns: bar) + "  " : "") + facts)
  }

  private func facts(_ activity: CellActivity, at now: ContinuousClock.Instant) -> [String] {
    activity.position + (activity.secondsLeft(at: now).map { ["\(ProgressDisplay.time($0)) left"] } ?? [])
  }

  /// `━━━━━╸────`: a bar of half-column steps.
  package static func bar(_ fraction: Double, columns: Int) -> String {
    let halves = Int(clamping: (min(1, max(0, fraction)) * Double(2 * columns)).rounded(.down))
    let half = halves.isMultiple(of: 2) ? "" : "╸"
    let rest = columns - halves / 2 - (half.isEmpty ? 0 : 1)
    return String(repeating: "━", count: halves / 2) + half + String(repeating: "─", count: rest)
  }

  /// Names take no more than a third of a narrow terminal.
  private var shownNameColumns: Int { min(nameColumns, mostNameColumns) }

  /// The prose, which is no cell of `nameColumns`, may have a longer name than they.
  private var mostNameColumns: Int { max(8, columns / 3) }

  private func name(_ cell: String) -> String {
    cell.visible.truncated(to: mostNameColumns).padded(to: shownNameColumns)
  }

  private func fitted(_ line: String) -> String {
    // A terminal wraps, or waits to wrap, after its last column.
    line.visible.truncated(to: columns - 1)
  }
}
