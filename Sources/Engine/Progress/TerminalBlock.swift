import Glibc

/// Lines at the end of a terminal that are drawn over and over in place.
package struct TerminalBlock: Sendable {
  /// What stands there now.
  package private(set) var drawn: [String] = []

  /// The terminal's size; nil when it tells none.
  package static var size: (columns: Int, rows: Int)? {
    var size = winsize()
    guard ioctl(2, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return nil }
    return (Int(size.ws_col), Int(size.ws_row))
  }

  /// What to write so that the block shows `lines`.
  ///
  /// Each line is written over the old one and then cleared to its end, so that nothing flickers. The cursor is hidden
  /// within a frame only: whatever ends the process, it finds a terminal with its cursor. Some terminals wrap the lines
  /// anew when they become narrower, others cut them; in the former, pieces of the last frame stay above rather than
  /// what stood above it being lost.
  /// - Parameter above: A line that is to stay, above the block.
  package mutating func frame(_ lines: [String], above: String? = nil) -> String {
    if above == nil, lines == drawn { return "" }
    let written = (above.map { [$0] } ?? []) + lines
    let up = drawn.count
    let text = written.map { "\($0)\u{1B}[K\n" }.joined()
    drawn = lines
    return "\u{1B}[?25l\r" + (up > 0 ? "\u{1B}[\(up)A" : "") + text + "\u{1B}[J\u{1B}[?25h"
  }
}
