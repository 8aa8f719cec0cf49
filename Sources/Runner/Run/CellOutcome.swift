@_spi(Runner) import Cell
import Core
import Foundation

/// What became of a cell in a run.
enum CellOutcome: Sendable {
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
  var result: CellResult? {
    switch self {
    case .fresh(let result), .ran(let result): result
    default: nil
    }
  }

  /// As `--json` names it.
  var state: String {
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

extension CellProcess.Ending {
  /// What the cell printed and showed, in order.
  var outputs: [CellOutput] {
    var outputs: [CellOutput] = []
    var printed = 0
    func print(upTo end: Int) {
      let slice = standardOutput.dropFirst(printed).prefix(max(0, end - printed))
      printed = max(printed, min(end, standardOutput.count))
      if !slice.isEmpty { outputs.append(.printed(String(decoding: slice, as: UTF8.self))) }
    }
    for case .shown(let shown, let offset) in events {
      print(upTo: offset)
      switch shown {
      case .chart(let chart): outputs.append(.chart(chart))
      case .table(let table): outputs.append(.table(table))
      case .text(let text): outputs.append(.printed(text + "\n"))
      case .markdown(let text): outputs.append(.markdown(text))
      }
    }
    print(upTo: .max)
    return outputs
  }

  var printedErrors: String { String(decoding: standardError, as: UTF8.self) }

  var isFinished: Bool {
    events.contains { if case .finished = $0 { true } else { false } }
  }

  /// The notebook's line of the top-level statement that was being executed last.
  var lastLine: Int? {
    events.reversed().lazy.compactMap { if case .reached(let line) = $0 { line } else { nil } }.first
  }

  /// Why the cell gave no result, or nil when it ran to its end.
  func failure(in file: String, timeout: Double?) -> CellFailure? {
    if case .exited(0) = cause, isFinished { return nil }
    var place = lastLine.map { Place(file: file, line: $0) }
    var details: String? = printedErrors.isEmpty ? nil : printedErrors
    let message: String
    if let told = told {
      message = told
    } else {
      switch cause {
      case .timedOut:
        message = "the cell ran longer than its timeout of \(Int(timeout ?? 0)) s"
      case .interrupted:
        message = "the cell was interrupted"
      case .exited(let code):
        message = code == 0 ? "the cell ended itself by exit(0) before its last statement" : "the cell exited with code \(code)"
      case .signalled(let signal):
        if let fatal = FatalError(standardError: printedErrors) {
          message = fatal.message
          if let line = fatal.line, fatal.file == file { place = Place(file: file, line: line) }
          details = fatal.rest
        } else {
          message = "the cell was ended by \(Self.name(of: signal))"
        }
      }
    }
    return CellFailure(message: message, place: place, details: details)
  }

  private var told: String? {
    for event in events.reversed() {
      switch event {
      case .threw(let message): return message
      case .corruptInput(let name, _):
        return "the stored value of `\(name)` is damaged and was thrown away; run again to make it anew"
      default: continue
      }
    }
    return nil
  }

  private static func name(of signal: Int32) -> String {
    switch signal {
    case SIGILL, SIGTRAP:
      "a trap (signal \(signal)): a failed precondition such as an index out of range, an overflow, or a nil unwrapped"
    case SIGSEGV, SIGBUS: "a memory fault (signal \(signal)), perhaps endless recursion"
    case SIGKILL: "signal 9: somebody killed it, or memory ran out"
    case SIGABRT: "an abort (signal 6)"
    default: "signal \(signal)"
    }
  }
}

/// What the Swift runtime writes before it traps.
struct FatalError: Hashable, Sendable {
  var message: String
  var file: String?
  var line: Int?
  /// Standard error without the message.
  var rest: String?

  /// Reads `file:line: Fatal error: message`, with or without the place, and the runtime's wording for a thrown error.
  init?(standardError: String) {
    var lines = standardError.components(separatedBy: "\n")
    guard let index = lines.lastIndex(where: { $0.contains("Fatal error: ") }),
      let range = lines[index].range(of: "Fatal error: ")
    else { return nil }
    let place = lines[index][..<range.lowerBound].split(separator: ":").map(String.init)
    if place.count >= 2, let number = Int(place[place.count - 1].trimmingCharacters(in: .whitespaces))
      ?? Int(place[place.count - 2])
    {
      line = number
      file = place[0]
    }
    var text = String(lines[index][range.upperBound...])
    lines.remove(at: index)
    let thrown = "Error raised at top level: "
    if text.hasPrefix(thrown) {
      text = String(text.dropFirst(thrown.count))
      // A thrown error's own text may have several lines, and nothing follows it.
      text = ([text] + lines[index...].filter { !$0.isEmpty }).joined(separator: "\n")
      lines.removeSubrange(index...)
    }
    message = text
    let remaining = lines.joined(separator: "\n").trimmingCharacters(in: .whitespacesAndNewlines)
    rest = remaining.isEmpty ? nil : remaining
  }
}
