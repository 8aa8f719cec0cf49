/// The state of a cell in a run, in a report, in a report's lock and in the history. `--json` prints the raw values.
package enum CellState: String, Codable, Hashable, Sendable {
  /// The store has a result with the cell's key.
  case fresh
  /// The cell ran and gave a result.
  case ran
  /// The result is of an earlier version of the cell or of its inputs, and the run did not include the cell.
  case stale
  case failed
  /// Cells that it needs failed or did not run.
  case blocked
  /// The run did not include the cell, and the store has no result.
  case left

  /// Whether its result is that of the current notebook, made now or earlier.
  package var isCurrent: Bool { self == .fresh || self == .ran }

  /// Whether there is a result to show, current or stale.
  package var hasResult: Bool { isCurrent || self == .stale }

  /// Whether it has no result because it did not run.
  package var isNotRun: Bool { self == .blocked || self == .left }
}
