import Glibc

/// Lines at the end of a terminal's output that are redrawn in place.
package struct TerminalBlock: Sendable {
  /// The lines that the terminal shows now.
  package private(set) var drawn: [String] = []

  /// The terminal's size in columns and rows; nil where standard error is not a terminal.
  package static var size: (columns: Int, rows: Int)? {
    var size = winsize()
    guard ioctl(2, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return nil }
    return (Int(size.ws_col), Int(size.ws_row))
  }

  /// The escape sequences that make the block show `lines`.
  ///
  /// Each line is written over the old one and then cleared to its end, so that nothing flickers. The cursor is
  /// hidden only within a frame, so that it is visible however the process ends. When a terminal becomes narrower,
  /// some wrap the lines and others cut them. In those that wrap, parts of the last frame may stay above the block;
  /// the alternative would erase lines above it.
  /// - Parameter above: A line that stays on the terminal, above the block.
  package mutating func frame(_ lines: [String], above: String? = nil) -> String {
    if above == nil, lines == drawn { return "" }
    let written = (above.map { [$0] } ?? []) + lines
    let up = drawn.count
    let text = written.map { "\($0)\u{1B}[K\n" }.joined()
    drawn = lines
    return "\u{1B}[?25l\r" + (up > 0 ? "\u{1B}[\(up)A" : "") + text + "\u{1B}[J\u{1B}[?25h"
  }
}
