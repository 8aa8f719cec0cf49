import Engine
import Foundation
import Wire

/// One run of a notebook in the history.
package struct HistoryRun: Hashable, Sendable {
  package struct Cell: Hashable, Sendable {
    package var name: String
    package var state: CellState
    /// The digest of its key; nil for a cell without a result.
    package var key: String?
    /// The duration in seconds of this run, or of the earlier run that made its result.
    package var seconds: Double?
  }

  package struct Parameter: Codable, Hashable, Sendable {
    package var name: String
    /// The value as JSON.
    package var value: String
  }

  /// The number of the run in its store, from 1; nil until it is recorded.
  package var id: Int64?
  package var date: Date
  /// The notebook's name.
  package var notebook: String
  /// The wall-clock time of the whole run, in seconds.
  package var seconds: Double
  /// The command's exit code.
  package var exit: Int
  /// The digest of the lock's blob in the store.
  package var lock: String?
  package var parameters: [Parameter]
  package var cells: [Cell]
  package var metrics: [RecordedMetric]

  package func count(_ states: CellState...) -> Int {
    cells.count { states.contains($0.state) }
  }
}

extension HistoryRun {
  package init(
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
      return Cell(
        name: cell.name, state: outcome.state, key: outcome.shown?.key.digest, seconds: outcome.seconds)
    }
  }
}

extension HistoryRun {
  package static func time(_ date: Date) -> String {
    let style = Date.VerbatimFormatStyle(
      format:
        """
        \(year: .defaultDigits)-\(month: .twoDigits)-\(day: .twoDigits) \
        \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits)
        """,
      locale: Locale(identifier: "en_US_POSIX"), timeZone: .current, calendar: Calendar(identifier: .gregorian))
    return style.format(date)
  }
}
