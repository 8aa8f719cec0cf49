/// A cell's printed text, split into shown and folded lines for a page.
package struct PrintedText {
  /// The number of lines that are shown unfolded. One or two more lines are shown rather than folded.
  package static let shownLines = 16
  /// The greatest number of lines of one output in a page. Of longer outputs, the beginning and the end are kept.
  package static let greatestLineCount = 2_000
  /// The greatest number of characters of one line in a page.
  package static let greatestLineLength = 4_000

  package private(set) var shown: [String]
  /// The folded lines.
  package private(set) var folded: [String]
  /// The number of lines that were left out before the last half of the kept lines.
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

  /// The lines that a terminal would show at the end; very long lines are cut.
  package static func lines(_ text: String) -> [String] {
    TerminalText.lines(text).map { line in
      line.count > greatestLineLength ? String(line.prefix(greatestLineLength)) + "…" : line
    }
  }
}
