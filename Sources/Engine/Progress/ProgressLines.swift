import Basics

/// The lines of a run's live block: one for each running cell, none wider than the terminal.
package struct ProgressLines: Sendable {
  /// The terminal's width, in columns.
  package var columns: Int
  /// The terminal's height, in rows.
  package var rows: Int
  /// The width of the widest cell name, in columns.
  package var nameColumns: Int

  private static let barColumns = 24
  /// The width, in columns, below which a bar is left out.
  private static let leastBarColumns = 8

  /// - Parameter waiting: The number of cells that have neither begun nor settled.
  package func lines(_ activities: [CellActivity], waiting: Int, at now: ContinuousClock.Instant) -> [String] {
    var lines = activities.map { line($0, at: now) }
    // A block higher than the terminal could not be redrawn in place.
    let room = max(1, rows - 2)
    if lines.count > room {
      let hidden = lines.count - room + 1
      lines = lines.prefix(room - 1) + [fitted("… and \(hidden) more running")]
    } else if waiting > 0, lines.count < room, !lines.isEmpty {
      lines.append(fitted(String(repeating: " ", count: shownNameColumns + 2) + "\(waiting) to go"))
    }
    return lines
  }

  /// The line that reports a settled cell, or another permanent line.
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
    // Where a bar doesn't fit, the facts are shown without one.
    return fitted(lead + (bar >= Self.leastBarColumns ? Self.bar(fraction, columns: bar) + "  " : "") + facts)
  }

  private func facts(_ activity: CellActivity, at now: ContinuousClock.Instant) -> [String] {
    activity.position + (activity.secondsLeft(at: now).map { ["\(ProgressDisplay.time($0)) left"] } ?? [])
  }

  /// A bar in steps of half a column: `━━━━━╸────`.
  package static func bar(_ fraction: Double, columns: Int) -> String {
    let halves = Int(clamping: (min(1, max(0, fraction)) * Double(2 * columns)).rounded(.down))
    let half = halves.isMultiple(of: 2) ? "" : "╸"
    let rest = columns - halves / 2 - (half.isEmpty ? 0 : 1)
    return String(repeating: "━", count: halves / 2) + half + String(repeating: "─", count: rest)
  }

  /// Names take at most a third of a narrow terminal.
  private var shownNameColumns: Int { min(nameColumns, mostNameColumns) }

  /// The prose's name doesn't count in `nameColumns` and may be longer than the cells' names.
  private var mostNameColumns: Int { max(8, columns / 3) }

  private func name(_ cell: String) -> String {
    cell.visible.truncated(to: mostNameColumns).padded(to: shownNameColumns)
  }

  private func fitted(_ line: String) -> String {
    // The last column stays empty, because terminals wrap a line that fills it.
    line.visible.truncated(to: columns - 1)
  }
}
