/// How a cell stands: in a run, in a report, in a report's lock and in the history. `--json` prints the raw values.
package enum CellState: String, Codable, Hashable, Sendable {
  /// A stored result whose key is the cell's.
  case fresh
  /// It was run and gave a result.
  case ran
  /// The result is of an earlier version of the cell or of its inputs, and the run did not include the cell.
  case stale
  case failed
  /// Cells that it needs failed or were not run.
  case blocked
  /// The run did not include the cell, and nothing is stored.
  case left

  /// Whether its result is the notebook's, made now or before.
  package var isCurrent: Bool { self == .fresh || self == .ran }

  /// Whether there is a result to show, of whatever age.
  package var hasResult: Bool { isCurrent || self == .stale }

  /// Whether it has no result because it did not run.
  package var isNotRun: Bool { self == .blocked || self == .left }
}
