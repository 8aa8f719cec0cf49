/// What a cell printed, made ready for a page.
package struct PrintedText {
  /// Lines shown at once; one or two more are shown too rather than folded.
  package static let shownLines = 16
  /// Lines of one output that a page holds at most; of longer ones it has the beginning and the end.
  package static let greatestLineCount = 2_000
  /// Characters of one line that a page holds at most.
  package static let greatestLineLength = 4_000

  package private(set) var shown: [String]
  /// The lines that are folded.
  package private(set) var folded: [String]
  /// Lines that neither part has; they stood before the last half of what is folded.
  package private(set) var leftOut: Int
  package private(set) var foldedBeforeGap: Int

  package init(_ text: String) {
    var lines = Self.lines(text)
    leftOut = 0
    foldedBeforeGap = 0
    if lines.count > Self.greatestLineCount {
      let half = Self.greatestLineCount / 2
      leftOut = lines.count - 2 * half
      lines = Array(lines.prefix(half) + lines.suffix(half))
      foldedBeforeGap = half - Self.shownLines
    }
    if lines.count <= Self.shownLines + 2 {
      shown = lines
      folded = []
    } else {
      shown = Array(lines.prefix(Self.shownLines))
      folded = Array(lines.dropFirst(Self.shownLines))
    }
  }

  /// The lines as a terminal would leave them, and of very long ones the beginning.
  package static func lines(_ text: String) -> [String] {
    TerminalText.lines(text).map { line in
      line.count > greatestLineLength ? String(line.prefix(greatestLineLength)) + "…" : line
    }
  }
}
