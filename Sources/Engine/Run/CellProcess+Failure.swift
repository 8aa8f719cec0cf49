import Basics
import Core
import Foundation
import Glibc
import Wire

extension CellProcess.Ending {
  /// The cell's printed and shown output, in order.
  package var outputs: [CellOutput] {
    var outputs: [CellOutput] = []
    var printed = 0
    func print(upTo end: Int) {
      let text = standardOutput.text(from: printed, to: end)
      printed = max(printed, end)
      if !text.isEmpty { outputs.append(.printed(text)) }
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

  /// The values of inline expressions by index, in the form of stored results.
  package var texts: [String: String] {
    let pairs = events.compactMap { event in
      if case .expression(let index, let text) = event { (String(index), text) } else { nil }
    }
    return Dictionary(pairs) { first, _ in first }
  }

  /// The text on standard error, and the names of processes that the cell left behind.
  package var printedErrors: String {
    guard !survivors.isEmpty else { return standardError.text }
    let text = standardError.text
    let names = survivors.prefix(20).joined(separator: ", ") + (survivors.count > 20 ? ", …" : "")
    return text + (text.isEmpty || text.hasSuffix("\n") ? "" : "\n")
      + "[Labbook ended processes that the cell left behind: \(names)]\n"
  }

  package var isFinished: Bool {
    events.contains { if case .finished = $0 { true } else { false } }
  }

  /// The notebook's line of the last top-level statement that began.
  package var lastLine: Int? {
    events.reversed().lazy.compactMap { if case .reached(let line) = $0 { line } else { nil } }.first
  }

  /// The cause of the cell's failure; nil when it ran to its end.
  package func failure(in file: String, timeout: Double?) -> CellFailure? {
    if case .exited(0) = cause, isFinished { return nil }
    let crash = CrashReport(standardError: printedErrors)
    let line = crash.line ?? lastLine
    let message: String
    switch cause {
    case _ where told != nil:
      message = told ?? ""
    case .exited where isStoreGone:
      message = "the folder .labbook was removed while the cell ran, so the cell's results are lost"
    case .timedOut:
      message = "the cell ran longer than its timeout of \(Self.seconds(timeout ?? 0))"
    case .interrupted:
      message = "the cell was interrupted"
    case .flooded:
      message =
        "the cell printed more than \(Budgets.outputBytes >> 30) GiB or showed more than \(Budgets.eventBytes >> 20) "
        + "MiB"
        + " and was ended"
    case .excessive(let excess):
      message = "the cell took \(excess) in the sandbox and was ended"
    case .lost(let reason):
      message = reason
    case .exited(CellEvent.lostExitCode):
      message = "the cell's events can't be written to the store; its disk may be full"
    case .signalled(SIGKILL) where isMemoryShort:
      message = "memory ran out, and the kernel ended the cell"
    case .exited(0):
      message = "the cell ended itself by exit(0) before its last statement"
    case .exited(let code):
      message = "the cell exited with code \(code)"
    case .signalled(let signal):
      let text = crash.message.map(FoundationErrorText.plain) ?? "the cell was ended by \(Self.name(of: signal))"
      message = text.hasPrefix("failed to allocate ") ? "memory ran out: \(text)" : text
    }
    let details = ([crash.rest, lastProgress.map { "Last progress: \($0)" }].compactMap { $0 } + remarks)
      .joined(separator: "\n")
    return CellFailure(
      message: message, place: line.map { Place(file: file, line: $0) }, details: details.isEmpty ? nil : details)
  }

  /// The progress that the cell last reported.
  private var lastProgress: String? {
    let now = ContinuousClock.now
    var activity = CellActivity(cell: "", at: now)
    for event in events { activity.note(event, at: now) }
    return activity.position.isEmpty ? nil : activity.position.joined(separator: ", ")
  }

  private var told: String? {
    for event in events.reversed() {
      switch event {
      case .threw(let message): return message
      case .corruptInput(let name, _):
        return "the stored value of `\(name)` is damaged and was deleted; run again to recompute it"
      default: continue
      }
    }
    return nil
  }

  private static func seconds(_ value: Double) -> String {
    value < 1 ? "\(value) s" : "\(Int(clamping: value)) s"
  }

  private static func name(of signal: Int32) -> String {
    switch signal {
    case SIGILL, SIGTRAP:
      "a trap (signal \(signal)): a failed precondition such as an index out of range, an overflow, a division by "
        + "zero, or a nil unwrapped"
    case SIGSEGV, SIGBUS: "a memory fault (signal \(signal)), perhaps endless recursion"
    case SIGKILL: "signal 9: something killed it"
    case SIGABRT: "an abort (signal 6)"
    default: "signal \(signal)"
    }
  }
}
