@_spi(Runner) import Cell
import Foundation

/// One run of a notebook, as the history keeps it.
struct HistoryRun: Hashable, Sendable {
  struct Cell: Hashable, Sendable {
    var name: String
    /// As `--json` names it.
    var state: String
    /// The digest of its key; nil for a cell that gave no result.
    var key: String?
    /// How long it ran, now or when its result was made.
    var seconds: Double?
  }

  struct Parameter: Codable, Hashable, Sendable {
    var name: String
    /// As JSON.
    var value: String
  }

  /// Counts the runs of a store from 1; nil until it is recorded.
  var id: Int64?
  var date: Date
  /// The notebook's name.
  var notebook: String
  /// Wall-clock time of the whole run.
  var seconds: Double
  /// The command's exit code.
  var exit: Int
  /// The digest of the lock, a blob of the store.
  var lock: String?
  var parameters: [Parameter]
  var cells: [Cell]
  var metrics: [RecordedMetric]

  func count(_ states: String...) -> Int {
    cells.count { states.contains($0.state) }
  }
}

extension HistoryRun {
  init(
    _ run: NotebookRun, _ outcome: NotebookRun.Outcome, lock: ReportLock, lockDigest: String, date: Date,
    seconds: Double,
    exit: Int
  ) {
    self.date = date
    notebook = run.notebook.name
    self.seconds = seconds
    self.exit = exit
    self.lock = lockDigest
    parameters = lock.parameters.map { Parameter(name: $0.name, value: $0.value) }
    metrics = lock.metrics
    cells = run.evaluatedCells.map { cell in
      let outcome = outcome.cells[cell.name] ?? .left
      var key: String?
      var time: Double?
      switch outcome {
      case .fresh(let result), .ran(let result), .stale(let result): (key, time) = (result.key.digest, result.seconds)
      case .failed(_, _, let seconds, _): time = seconds
      case .blocked, .left: break
      }
      return Cell(name: cell.name, state: outcome.state, key: key, seconds: time)
    }
  }
}
