/// Lifts formulas out of Markdown lines before the Markdown parser sees them, and records the positions of inline
/// code.
///
/// The parser would read `$a*b*c$` as emphasis. As in Pandoc, the opening dollar of a formula is not followed by a
/// space, the closing dollar is neither preceded by a space nor followed by a digit, and no backslash precedes
/// either; blank lines end a formula. The parser also takes Chinese punctuation next to `**` for the end of a word,
/// so that `**重点：**后文` would stay unchanged. Such emphasis is lifted too.
package struct MathLifter {
  /// Inline code in the file.
  package struct CodeSpan {
    /// The code between the backticks, with line ends as spaces.
    package var content: String
    /// The position of each character of `content`, as offsets from 0.
    package var positions: [(line: Int, column: Int)]
  }

  package var lines: [[Character]]
  package private(set) var lifted = LiftedSegments()
  package private(set) var codeSpans: [CodeSpan] = []

  package init(lines: [[Character]]) {
    self.lines = lines
    for line in lines.indices where lines[line].contains(where: LiftedSegments.isReserved) {
      self.lines[line] = lines[line].compactMap { character in
        LiftedSegments.isReserved(character)
          ? lifted.lift(.text(String(character)), source: String(character)) : character
      }
    }
  }

  /// The line, from 0, of the inline code with this number, from 0, that looks like an expression; nil if there are
  /// fewer.
  package func line(ofExpression number: Int) -> Int? {
    codeSpans.lazy.filter { $0.content.hasPrefix("{") }.dropFirst(number).first?.positions.first?.line
  }

  // MARK: Formulas on lines of their own

  /// Lifts formulas between a `$$` at the beginning of a line and a `$$` at the end of one.
  /// - Parameter protected: Lines of code and raw HTML.
  package mutating func liftDisplays(protected: Set<Int>) {
    var line = 0
    while line < lines.count {
      defer { line += 1 }
      guard !protected.contains(line), lines[line].contains("$"), let start = displayStart(lines[line]),
        let end = displayEnd(from: line, column: start + 2, protected: protected)
      else { continue }
      let quoted = lines[line][..<start].contains(">")
      var formula: [String] = []
      for current in line...end {
        var text = lines[current][...]
        if current == line {
          text = text[(start + 2)...]
        } else if quoted {
          text = text.drop { $0 == ">" || $0.isWhitespace }
        }
        if current == end { text = text[..<(Self.trimmedEnd(text) - 2)] }
        formula.append(String(text))
      }
      let tex = formula.joined(separator: "\n").trimmingWhitespace()
      guard !tex.isEmpty, let mark = lifted.lift(.math(tex, display: true), source: "$$\(tex)$$", line: line) else {
        continue
      }
      lines[line].replaceSubrange(start..., with: [mark])
      for current in (line + 1)..<(end + 1) {
        lines[current] = Array(lines[current].prefix { $0 == ">" || $0 == " " }) + [LiftedSegments.continuation]
      }
      line = end
    }
  }

  /// The offset of a `$$` that comes first on a line, after quote and list marks; nil if there is none.
  private func displayStart(_ line: [Character]) -> Int? {
    var offset = 0
    while offset < line.count, line[offset].isWhitespace || line[offset] == ">" { offset += 1 }
    if offset + 1 < line.count, "-*+".contains(line[offset]), line[offset + 1].isWhitespace {
      offset += 1
      while offset < line.count, line[offset].isWhitespace { offset += 1 }
    }
    return offset + 1 < line.count && line[offset] == "$" && line[offset + 1] == "$" ? offset : nil
  }

  /// The line that ends with the next `$$`.
  private func displayEnd(from first: Int, column: Int, protected: Set<Int>) -> Int? {
    var line = first
    while line < lines.count, !protected.contains(line) {
      let text = line == first ? lines[line][column...] : lines[line][...]
      if line > first, text.allSatisfy({ $0.isWhitespace || $0 == ">" }) { return nil }
      let end = Self.trimmedEnd(text)
      if end - text.startIndex >= 2, text[end - 1] == "$", text[end - 2] == "$" { return line }
      if Self.contains(text, "$", "$") { return nil }
      line += 1
    }
    return nil
  }

  private static func trimmedEnd(_ text: ArraySlice<Character>) -> Int {
    (text.lastIndex { !$0.isWhitespace } ?? text.startIndex - 1) + 1
  }

  private static func contains(_ text: ArraySlice<Character>, _ first: Character, _ second: Character) -> Bool {
    zip(text, text.dropFirst()).contains { $0 == first && $1 == second }
  }

  // MARK: Formulas within text

  /// Lifts formulas from the text in `range`, the lines of one paragraph, heading or table row.
  package mutating func liftInlines(in range: ClosedRange<Int>) {
    var scan = TextScan(lines: lines, range: range)
    var result: [Character] = []
    while let character = scan.current {
      switch character {
      case "\\":
        result += scan.take(min(2, scan.remaining))
      case "`":
        let length = scan.runLength(of: "`")
        if let end = scan.closingBackticks(length) {
          codeSpans.append(scan.codeSpan(from: scan.offset + length, to: end))
          result += scan.take(end + length - scan.offset)
        } else {
          result += scan.take(length)
        }
      case "<":
        result += scan.take(scan.tagLength)
      case "$":
        if let formula = scan.githubFormula() ?? scan.formula() {
          let source = String(scan.peek(formula.length))
          if let mark = lifted.lift(.math(formula.tex, display: formula.display), source: source, line: scan.line) {
            result.append(mark)
            for lineStart in scan.lineStarts(in: formula.length) {
              result += ["\n"] + lineStart + [LiftedSegments.continuation]
            }
            _ = scan.take(formula.length)
            continue
          }
        }
        result += scan.take(scan.runLength(of: "$"))
      default:
        if character.isEastAsianPunctuation, scan.touchesEmphasis,
          let mark = lifted.lift(.text(String(character)), source: String(character))
        {
          result.append(mark)
          _ = scan.take(1)
        } else {
          result += scan.take(1)
        }
      }
    }
    let rewritten = result.split(separator: "\n", omittingEmptySubsequences: false)
    for (line, text) in zip(range, rewritten) { lines[line] = Array(text) }
  }
}

extension String {
  package func trimmingWhitespace() -> String {
    let start = self.drop { $0.isWhitespace }
    guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(start[...last])
  }
}
