import Basics
import Foundation
import Glibc
import Synchronization

/// Shows on standard error how a run goes on: in place on a terminal, a line at the start and the end of a cell
/// elsewhere.
package final class ProgressDisplay: Sendable {
  private struct State {
    var running: [CellActivity] = []
    var unsettled: Set<String>
    var block = TerminalBlock()
    var lastDrawing: ContinuousClock.Instant?
  }

  private let isTerminal = isatty(2) == 1
  /// Print one JSON object a line for every cell on standard output.
  private let json: Bool
  /// Say which cells are fresh too.
  private let showsFresh: Bool
  private let nameColumns: Int
  private let state: Mutex<State>
  private let ticks: Mutex<Task<Void, Never>?>

  /// Frames of the live block are no closer than this.
  private static let frameInterval = Duration.milliseconds(80)

  package init(cells: [String], json: Bool, showsFresh: Bool = true) {
    self.json = json
    self.showsFresh = showsFresh
    nameColumns = cells.map(\.displayColumns).max() ?? 0
    state = Mutex(State(unsettled: Set(cells)))
    ticks = Mutex(nil)
    if isTerminal { goOn() }
  }

  deinit {
    ticks.withLock { $0?.cancel() }
  }

  /// Times go on when nothing is heard of a cell.
  private func goOn() {
    let task = Task { [weak self] in
      while !Task.isCancelled {
        try? await Task.sleep(for: .milliseconds(250))
        guard let self else { return }
        self.state.withLock { if !$0.running.isEmpty { self.draw(&$0) } }
      }
    }
    ticks.withLock { $0 = task }
  }

  package func observe(_ event: NotebookRun.Event) {
    let now = ContinuousClock.now
    state.withLock { state in
      switch event {
      case .compiling(let cell):
        state.running.append(CellActivity(cell: cell, at: now))
        state.unsettled.remove(cell)
        draw(&state)
      case .running(let cell):
        update(cell, &state) { $0.run(at: now) }
        // The prose is quick as a rule and says nothing of itself unless it fails.
        if !isTerminal, cell != CheckedNotebook.proseName { write("\(lines.settled(cell, "running"))\n") }
        draw(&state)
      case .cell(let cell, let event):
        update(cell, &state) { $0.note(event, at: now) }
        if !isTerminal, case .placed(let text) = event { write("\(lines.settled(cell, text))\n") }
        if let last = state.lastDrawing, now - last < Self.frameInterval { return }
        draw(&state)
      case .damaged(let value, let cell):
        draw(&state, above: lines.settled(cell, "runs again: the stored value of `\(value)` is damaged"))
      case .settled(let cell, let outcome):
        state.running.removeAll { $0.cell == cell }
        state.unsettled.remove(cell)
        if cell == CheckedNotebook.proseName, outcome.state != .failed { return draw(&state) }
        draw(&state, above: text(outcome, of: cell).map { lines.settled(cell, $0) })
        if json, let line = Self.json(cell, outcome) {
          print(line)
          fflush(nil)
        }
      }
    }
  }

  private func update(_ cell: String, _ state: inout State, _ change: (inout CellActivity) -> Void) {
    guard let index = state.running.firstIndex(where: { $0.cell == cell }) else { return }
    change(&state.running[index])
  }

  private func text(_ outcome: CellRecord, of cell: String) -> String? {
    switch outcome.state {
    case .fresh: return showsFresh ? "fresh" : nil
    case .ran: return "ran in \(Self.time(outcome.seconds ?? 0))"
    case .failed: return outcome.failure.map(Self.text) ?? "failed"
    case .blocked: return "not run: needs \(outcome.needs.joined(separator: ", "))"
    case .stale, .left: return nil
    }
  }

  /// Where and why a cell failed: the message's first line, and the next one where the first ends in a colon.
  private static func text(_ failure: CellFailure) -> String {
    let place = failure.place.map { "\($0): " } ?? ""
    let lines = failure.message.components(separatedBy: "\n").filter { !$0.isEmpty }
    let first = lines.first ?? ""
    return "failed: \(place)\(first)" + (first.hasSuffix(":") ? lines.dropFirst().first.map { " \($0)" } ?? "" : "")
  }

  // MARK: Drawing

  private var lines: ProgressLines {
    let size = isTerminal ? TerminalBlock.size : nil
    return ProgressLines(columns: size?.columns ?? .max, rows: size?.rows ?? .max, nameColumns: nameColumns)
  }

  /// - Parameter above: A line that stays, above the live block.
  private func draw(_ state: inout State, above line: String? = nil) {
    guard isTerminal else {
      if let line { write(line + "\n") }
      return
    }
    let now = ContinuousClock.now
    state.lastDrawing = now
    let lines = lines
    let block = lines.lines(state.running, waiting: state.unsettled.count, at: now)
    write(state.block.frame(block, above: line))
  }

  private func write(_ text: String) {
    StandardStreams.printError(text)
  }

  /// What `--json` prints of a cell; nil for one that the run did not include.
  package static func json(_ cell: String, _ outcome: CellRecord) -> String? {
    let seconds: Double
    switch outcome.state {
    case .ran, .failed: seconds = outcome.seconds ?? 0
    case .fresh, .blocked: seconds = 0
    case .stale, .left: return nil
    }
    let number = String(format: "%.1f", seconds)
    return "{\"cell\":\(cell.jsonLiteral),\"state\":\"\(outcome.state.rawValue)\",\"seconds\":\(number)}"
  }

  /// The lines that a run prints of cells that are all fresh.
  package static func freshLines(_ cells: [String]) -> [String] {
    let columns = cells.map(\.displayColumns).max() ?? 0
    let lines = ProgressLines(columns: .max, rows: .max, nameColumns: columns)
    return cells.map { lines.settled($0, "fresh") }
  }

  /// `0.8 s`, `42 s`, `3 min 05 s`, `2 h 10 min`.
  package static func time(_ seconds: Double) -> String {
    // Nobody waits for more, and its digits would tell nothing.
    if seconds.isFinite, seconds >= 8_760_000 * 3_600.0 { return "over 1000 years" }
    return switch RoundedDuration(seconds) {
    case nil: "–"
    case .tenths(let seconds): String(format: "%.1f s", seconds)
    case .seconds(let seconds): "\(seconds) s"
    case .minutes(let minutes, let seconds): String(format: "%d min %02d s", minutes, seconds)
    case .hours(let hours, let minutes): String(format: "%d h %02d min", hours, minutes)
    }
  }
}
