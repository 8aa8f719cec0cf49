import Engine
import Foundation

extension NotebookRun {
  /// Stores the lock of a report, and records the run in the history unless it changed nothing. An error with either
  /// is a notice of the store.
  /// - Parameter start: When the run began.
  package func remember(_ outcome: Outcome, lock: ReportLock, start: Date, exit: ExitStatus) async {
    do {
      _ = try store.add(Data(notebook.source.utf8))
      let kept = try store.setLock(lock, of: notebook.name)
      let hasRun = outcome.cells.values.contains { $0.state == .ran || $0.state == .failed }
      guard kept.isNew || hasRun else { return }
      await HistoryDatabase.record(
        HistoryRun(
          self, outcome, lock: lock, lockDigest: kept.digest, date: start, seconds: Date().timeIntervalSince(start),
          exit: Int(exit.rawValue)), in: store)
    } catch {
      store.notices.add("the run is not recorded in the history: \(error)")
    }
  }
}
