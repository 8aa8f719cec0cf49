/// A scanner for the lines of one paragraph that recognises code, tags and formulas at its position.
package struct TextScan {
  /// The characters of the lines. Each line but the last includes its line end.
  private let text: [Character]
  /// The line and column, from 0, of each character of `text`.
  private let positions: [(line: Int, column: Int)]
  /// For each offset, that of the next closing angle bracket or line end.
  private let tagEnds: [Int]
  /// The offsets of the runs of backticks, by their length.
  private let backticks: [Int: [Int]]
  package private(set) var offset = 0

  package init(lines: [[Character]], range: ClosedRange<Int>) {
    var text: [Character] = []
    var positions: [(line: Int, column: Int)] = []
    for line in range {
      for (column, character) in lines[line].enumerated() {
        text.append(character)
        positions.append((line, column))
      }
      if line < range.upperBound {
        text.append("\n")
        positions.append((line, lines[line].count))
      }
    }
    self.text = text
    self.positions = positions
    var tagEnds = [Int](repeating: text.count, count: text.count)
    var backticks: [Int: [Int]] = [:]
    var (end, run) = (text.count, 0)
    for offset in text.indices.reversed() {
      if text[offset] == ">" || text[offset] == "\n" { end = offset }
      tagEnds[offset] = end
      run = text[offset] == "`" ? run + 1 : 0
      if run > 0, offset == 0 || text[offset - 1] != "`" { backticks[run, default: []].append(offset) }
    }
    self.tagEnds = tagEnds
    self.backticks = backticks.mapValues { $0.reversed() }
  }

  package var current: Character? { offset < text.count ? text[offset] : nil }
  package var remaining: Int { text.count - offset }

  /// The line, from 0, of the current character.
  package var line: Int { offset < positions.count ? positions[offset].line : 0 }

  package func peek(_ length: Int) -> ArraySlice<Character> { text[offset..<(offset + length)] }

  package mutating func take(_ length: Int) -> ArraySlice<Character> {
    defer { offset += length }
    return peek(length)
  }

  package func runLength(of character: Character) -> Int {
    text[offset...].prefix { $0 == character }.count
  }

  /// The offset of the backticks that close the code that a run of `length` backticks opens here; nil if there are
  /// none.
  package func closingBackticks(_ length: Int) -> Int? {
    // The parser takes longer runs for text.
    guard length <= 80, let runs = backticks[length] else { return nil }
    var (low, high) = (0, runs.count)
    while low < high {
      let middle = (low + high) / 2
      if runs[middle] < offset + length { low = middle + 1 } else { high = middle }
    }
    return low < runs.count ? runs[low] : nil
  }

  /// The code between two offsets, without one padding space at both sides.
  package func codeSpan(from start: Int, to end: Int) -> MathLifter.CodeSpan {
    var range = start..<end
    let content = text[range].map { $0 == "\n" ? " " : $0 }
    if range.count > 2, content.first == " ", content.last == " ", content.contains(where: { $0 != " " }) {
      range = (start + 1)..<(end - 1)
    }
    return MathLifter.CodeSpan(
      content: String(text[range].map { $0 == "\n" ? " " : $0 }), positions: Array(positions[range]))
  }

  /// The length of the tag or automatic link that begins here; 1 if there is none.
  package var tagLength: Int {
    guard offset + 1 < text.count, text[offset + 1].isLetter || "/!".contains(text[offset + 1]),
      case let end = tagEnds[offset], end < text.count, text[end] == ">"
    else { return 1 }
    let name = text[(offset + 1)..<end].drop { "/!".contains($0) }.drop {
      $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-")
    }
    guard let after = name.first else { return end + 1 - offset }
    return after.isWhitespace || "/:@.>".contains(after) ? end + 1 - offset : 1
  }

  /// Whether asterisks that could begin or end emphasis are on both sides of this character.
  package var touchesEmphasis: Bool {
    (offset > 0 && text[offset - 1] == "*") || (offset + 1 < text.count && text[offset + 1] == "*")
  }

  /// The formula that begins at this dollar: its TeX, and its length including the dollars.
  package func formula() -> (tex: String, length: Int, display: Bool)? {
    let dollars = runLength(of: "$")
    guard dollars <= 2, offset + dollars < text.count else { return nil }
    if dollars == 1, text[offset + 1].isWhitespace { return nil }
    var position = offset + dollars
    while position < text.count {
      if text[position] == "\\" {
        position += 2
        continue
      }
      if text[position] == "`" {
        guard let end = expressionEnd(at: position) else { return nil }
        position = end
        continue
      }
      if text[position] == "$" {
        let run = text[position...].prefix { $0 == "$" }.count
        if dollars == 2, run >= 2 { return formula(to: position, dollars: 2) }
        if dollars == 1 {
          let after = position + 1 < text.count ? text[position + 1] : " "
          if run == 1, !text[position - 1].isWhitespace, !("0"..."9").contains(after) {
            return formula(to: position, dollars: 1)
          }
          return nil
        }
      }
      position += 1
    }
    return nil
  }

  /// A formula in GitHub's other notation, which needs no spaces around it: a dollar and a backtick at both ends.
  func githubFormula() -> (tex: String, length: Int, display: Bool)? {
    guard offset + 1 < text.count, text[offset + 1] == "`", expressionEnd(at: offset + 1) == nil,
      let end = text[(offset + 2)...].firstIndex(of: "`"), end + 1 < text.count, text[end + 1] == "$"
    else { return nil }
    let tex = String(text[(offset + 2)..<end]).trimmingWhitespace()
    return tex.isEmpty ? nil : (tex, end + 2 - offset, false)
  }

  /// The end of the inline expression that begins with the backtick at `start`; nil if none begins there.
  private func expressionEnd(at start: Int) -> Int? {
    let prefix = Array("`{swift}")
    guard text[start...].starts(with: prefix), start + prefix.count < text.count,
      text[start + prefix.count].isWhitespace
    else { return nil }
    return text[(start + prefix.count)...].firstIndex(of: "`").map { $0 + 1 }
  }

  private func formula(to end: Int, dollars: Int) -> (tex: String, length: Int, display: Bool)? {
    let tex = String(text[(offset + dollars)..<end]).trimmingWhitespace()
    return tex.isEmpty ? nil : (tex, end + dollars - offset, dollars == 2)
  }

  /// The quote marks and indentation before the text on each further line of the next `length` characters.
  package func lineStarts(in length: Int) -> [[Character]] {
    let lines = peek(length).split(separator: "\n", omittingEmptySubsequences: false)
    return lines.dropFirst().map { Array($0.prefix { $0 == ">" || $0 == " " }) }
  }
}
