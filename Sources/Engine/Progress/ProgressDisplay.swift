import Basics
import Foundation
import Glibc
import Synchronization

/// Shows the progress of a run on standard error: redrawn in place on a terminal, elsewhere as one line at the start
/// and one at the end of each cell.
package final class ProgressDisplay: Sendable {
  private struct State {
    var running: [CellActivity] = []
    var unsettled: Set<String>
    var block = TerminalBlock()
    var lastDrawing: ContinuousClock.Instant?
  }

  private let isTerminal = isatty(2) == 1
  /// Whether one JSON object for every cell is printed on standard output, one a line.
  private let json: Bool
  /// Whether fresh cells are listed too.
  private let showsFresh: Bool
  private let nameColumns: Int
  private let state: Mutex<State>
  private let ticks: Mutex<Task<Void, Never>?>

  /// The shortest time between two frames of the live block.
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

  /// Redraws the block even without events, so that elapsed times stay current.
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
        // The prose is usually quick, and is reported only when it fails.
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

  /// The place and the cause of a failure: the first line of the message, and the next line if the first ends in a
  /// colon or the next is a remedy.
  private static func text(_ failure: CellFailure) -> String {
    let place = failure.place.map { "\($0): " } ?? ""
    let lines = failure.message.components(separatedBy: "\n").filter { !$0.isEmpty }
    let first = lines.first ?? ""
    guard let second = lines.dropFirst().first else { return "failed: \(place)\(first)" }
    // An error's remedy is indented below it.
    let isRemedy = second.hasPrefix("  ")
    let rest = first.hasSuffix(":") ? " \(second)" : isRemedy ? ". \(second.drop { $0 == " " })" : ""
    return "failed: \(place)\(first)\(rest)"
  }

  // MARK: Drawing

  private var lines: ProgressLines {
    let size = isTerminal ? TerminalBlock.size : nil
    return ProgressLines(columns: size?.columns ?? .max, rows: size?.rows ?? .max, nameColumns: nameColumns)
  }

  /// - Parameter above: A line that stays on the terminal, above the live block.
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

  /// The JSON line that `--json` prints for a cell; nil for a cell that the run did not include.
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

  /// The lines printed by a run in which all cells are fresh.
  package static func freshLines(_ cells: [String]) -> [String] {
    let columns = cells.map(\.displayColumns).max() ?? 0
    let lines = ProgressLines(columns: .max, rows: .max, nameColumns: columns)
    return cells.map { lines.settled($0, "fresh") }
  }

  /// A duration such as `0.8 s`, `42 s`, `3 min 05 s`, `2 h 10 min`.
  package static func time(_ seconds: Double) -> String {
    // Nobody waits longer, and the digits of a longer time would be meaningless.
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
