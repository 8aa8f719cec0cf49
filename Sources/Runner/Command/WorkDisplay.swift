import Basics
import Engine
import Foundation

/// Shows the progress of a command's work on standard error: redrawn in place on a terminal, elsewhere a line now and
/// then.
struct WorkDisplay {
  private var pace: Pace?
  private var shown: ContinuousClock.Instant?
  /// The terminal's width in columns; nil elsewhere.
  private let columns: Int? = isatty(2) != 0 ? TerminalBlock.size?.columns ?? 80 : nil
  private var hasLine = false

  /// - Parameters:
  ///   - fraction: The completed fraction, from 0 to 1.
  ///   - note: The current work in a few words.
  mutating func show(_ fraction: Double, _ note: String) {
    let now = ContinuousClock.now
    var pace = pace ?? Pace(fraction, at: now)
    pace.note(fraction, at: now)
    self.pace = pace
    let interval: Duration = columns == nil ? .seconds(10) : .milliseconds(100)
    if let shown, now - shown < interval { return }
    shown = now
    let line = Self.line(fraction, note, pace, at: now)
    // The last column stays empty, because terminals wrap a line that fills it.
    StandardStreams.printError(columns.map { "\r\u{1B}[2K" + line.truncated(to: max(1, $0 - 1)) } ?? line + "\n")
    hasLine = columns != nil
  }

  /// Removes the line from the terminal.
  mutating func end() {
    if hasLine { StandardStreams.printError("\r\u{1B}[2K") }
    hasLine = false
  }

  static func line(_ fraction: Double, _ note: String, _ pace: Pace, at now: ContinuousClock.Instant) -> String {
    let line = "\(Int(clamping: (fraction * 100).rounded())) % \(note)".visible
    // An estimate from a few seconds or from little progress would jump.
    guard pace.part > 0.02, pace.seconds(at: now) > 5, let left = pace.secondsLeft(at: now) else { return line }
    return "\(line), \(ProgressDisplay.time(left)) left"
  }
}
