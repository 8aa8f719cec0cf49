/// What became of a cell in a run.
package enum CellOutcome: Sendable {
  /// A stored result whose key is the cell's.
  case fresh(CellResult)
  /// It was run and gave this.
  case ran(CellResult)
  /// A stored result of an earlier version; the run did not include the cell.
  case stale(CellResult)
  case failed(CellFailure, outputs: [CellOutput], seconds: Double, isTimeout: Bool = false)
  /// Cells that it needs failed or were not run.
  case blocked(by: [String])
  /// The run did not include the cell, and nothing is stored.
  case left

  /// The result whose values later cells can use.
  package var result: CellResult? {
    switch self {
    case .fresh(let result), .ran(let result): result
    default: nil
    }
  }

  package var isFailed: Bool {
    if case .failed = self { true } else { false }
  }

  /// As `--json` names it.
  package var state: String {
    switch self {
    case .fresh: "fresh"
    case .ran: "ran"
    case .stale: "stale"
    case .failed: "failed"
    case .blocked: "blocked"
    case .left: "left"
    }
  }
}
