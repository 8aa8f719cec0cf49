@_spi(Runner) import Cell
import Core
import Foundation
import Glibc
import Synchronization

/// Shows on standard error how a run goes on: in place on a terminal, a line at the start and the end of a cell elsewhere.
final class ProgressDisplay: Sendable {
  private struct Running {
    var name: String
    var activity = "compiling"
    /// When the training run that is shown began, by its label.
    var starts: [String: ContinuousClock.Instant] = [:]
  }

  private struct State {
    var running: [Running] = []
    var drawnLines = 0
  }

  private let isTerminal = isatty(2) == 1
  /// Print one JSON object a line for every cell on standard output.
  private let json: Bool
  private let nameColumns: Int
  private let state = Mutex(State())

  init(cells: [String], json: Bool) {
    self.json = json
    nameColumns = cells.map(\.displayColumns).max() ?? 0
  }

  func observe(_ event: NotebookRun.Event) {
    state.withLock { state in
      switch event {
      case .compiling(let cell):
        state.running.append(Running(name: cell))
      case .running(let cell):
        update(cell, &state) { $0.activity = "running" }
        if !isTerminal { write("\(padded(cell))  running\n") }
      case .cell(let cell, let event):
        update(cell, &state) { note(event, in: &$0) }
      case .damaged(let value, let cell):
        erase(&state)
        write("\(padded(cell))  runs again: the stored value of `\(value)` is damaged\n")
      case .settled(let cell, let outcome):
        state.running.removeAll { $0.name == cell }
        erase(&state)
        if let line = line(cell, outcome) { write(line + "\n") }
        if json { Self.printJSON(cell, outcome) }
      }
      draw(&state)
    }
  }

  private func update(_ cell: String, _ state: inout State, _ change: (inout Running) -> Void) {
    guard let index = state.running.firstIndex(where: { $0.name == cell }) else { return }
    change(&state.running[index])
  }

  private func note(_ event: CellEvent, in running: inout Running) {
    switch event {
    case .epoch(let run, let record, let epochs):
      let now = ContinuousClock.now
      // The first event comes after an epoch that had begun before it.
      let start = running.starts[run] ?? now - .seconds(record.seconds)
      running.starts[run] = start
      let left = (now - start) / .seconds(1) / Double(record.epoch) * Double(epochs - record.epoch)
      let loss = String(format: "%.4g", record.validationLoss ?? record.trainingLoss)
      let label = run.isEmpty ? "" : "\(run)  "
      running.activity = "\(label)epoch \(record.epoch)/\(epochs)  loss \(loss)  \(Self.time(left)) left"
    case .progress(let fraction, let note):
      running.activity = "\(Int((fraction * 100).rounded())) %  \(note)"
    default:
      break
    }
  }

  private func line(_ cell: String, _ outcome: CellOutcome) -> String? {
    switch outcome {
    case .fresh: "\(padded(cell))  fresh"
    case .ran(let result): "\(padded(cell))  ran in \(Self.time(result.seconds))"
    case .failed(let failure, _, _, _): "\(padded(cell))  failed: \(failure.message.components(separatedBy: "\n")[0])"
    case .blocked(let cells): "\(padded(cell))  not run: needs \(cells.joined(separator: ", "))"
    case .stale, .left: nil
    }
  }

  private func draw(_ state: inout State) {
    guard isTerminal else { return }
    erase(&state)
    for running in state.running { write("\(padded(running.name))  \(running.activity)\u{1B}[K\n") }
    state.drawnLines = state.running.count
  }

  private func erase(_ state: inout State) {
    guard isTerminal, state.drawnLines > 0 else { return }
    write("\u{1B}[\(state.drawnLines)A\u{1B}[J")
    state.drawnLines = 0
  }

  private func padded(_ name: String) -> String {
    name.padded(to: nameColumns)
  }

  private func write(_ text: String) {
    FileHandle.standardError.write(Data(text.utf8))
  }

  private static func printJSON(_ cell: String, _ outcome: CellOutcome) {
    let seconds: Double
    switch outcome {
    case .ran(let result): seconds = result.seconds
    case .failed(_, _, let time, _): seconds = time
    case .fresh, .blocked: seconds = 0
    case .stale, .left: return
    }
    let number = String(format: "%.1f", seconds)
    print("{\"cell\":\(cell.jsonLiteral),\"state\":\"\(outcome.state)\",\"seconds\":\(number)}")
    fflush(nil)
  }

  /// `0.8 s`, `42 s`, `3 min 05 s`, `2 h 10 min`.
  static func time(_ seconds: Double) -> String {
    guard seconds.isFinite else { return "–" }
    if seconds < 9.95 { return String(format: "%.1f s", seconds) }
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return String(format: "%d min %02d s", whole / 60, whole % 60) }
    return String(format: "%d h %02d min", whole / 3600, whole % 3600 / 60)
  }
}
