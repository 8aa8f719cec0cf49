/// Converts cmark-gfm's nodes of a paragraph, heading or table cell to inlines.
package struct InlineReader {
  package let lifted: LiftedSegments
  private let source: [[Character]]
  private let lines: [[Character]]
  private let firstLine: Int
  /// The inline code that no node was found for yet, by its content, in reading order.
  private var codeSpans: [String: [MathLifter.CodeSpan]] = [:]
  /// The place of the last call of `column`, from which the next one in the same line goes on.
  private var cursor = Cursor()
  private var expressionCount = 0
  /// Warnings about code that looks like an expression but isn't one.
  private(set) var warnings: [(position: SourcePosition, cause: String, remedy: String)] = []

  package init(lifter: MathLifter, source: [[Character]], firstLine: Int) {
    lifted = lifter.lifted
    lines = lifter.lines
    for span in lifter.codeSpans {
      codeSpans[Self.key(lifter.lifted.restored(span.content)), default: []].append(span)
    }
    self.source = source
    self.firstLine = firstLine
  }

  /// The inlines of a block node.
  package mutating func inlines(of block: MarkdownNode) -> [Inline] {
    inlines(block.children, within: block.lines)
  }

  private mutating func inlines(_ nodes: [MarkdownNode], within lines: ClosedRange<Int>) -> [Inline] {
    var result: [Inline] = []
    for node in nodes { append(node, within: lines, to: &result) }
    return InlineHTML.paired(result).withoutEastAsianSpaces
  }

  private mutating func append(_ node: MarkdownNode, within lines: ClosedRange<Int>, to result: inout [Inline]) {
    switch node.kind {
    case .text: appendText(node.literal, to: &result)
    case .softBreak: result.append(.softBreak)
    case .lineBreak: result.append(.lineBreak)
    case .inlineCode: result.append(code(lifted.restored(node.literal), within: lines))
    case .emphasis: result.append(.styled(.emphasis, inlines(node.children, within: lines)))
    case .strong: result.append(.styled(.strong, inlines(node.children, within: lines)))
    case .strikethrough: result.append(.styled(.deleted, inlines(node.children, within: lines)))
    case .link:
      result.append(
        .link(
          Inline.Link(
            destination: lifted.restored(node.destination), title: lifted.restored(node.title),
            content: inlines(node.children, within: lines), position: position(node, first: "[", within: lines))))
    case .image:
      result.append(
        .image(
          Inline.Image(
            source: lifted.restored(node.destination), title: lifted.restored(node.title),
            alternative: inlines(node.children, within: lines).plainText,
            position: position(node, first: "!", within: lines))))
    case .inlineHTML: result.append(.html(lifted.restored(node.literal), position(node, first: "<", within: lines)))
    case .footnoteReference:
      result.append(Int(node.literal).map { .footnote(number: $0) } ?? .text("[^\(node.literal)]"))
    default: break
    }
  }

  /// Replaces the marks of lifted formulas by the formulas.
  private mutating func appendText(_ text: String, to result: inout [Inline]) {
    for character in text {
      if character == LiftedSegments.continuation {
        if result.last == .softBreak { result.removeLast() }
        continue
      }
      let piece = lifted[character]
      switch piece?.segment {
      case .math(let tex, let display): result.append(formula(tex, display: display, line: piece?.line ?? 0))
      case .text(let text): result.appendText(text)
      case nil: result.appendText(String(character))
      }
    }
  }

  /// A formula with the expressions in it.
  /// - Parameter line: The line, from 0, on which it begins.
  mutating func formula(_ tex: String, display: Bool, line: Int) -> Inline {
    guard tex.utf8.contains(UInt8(ascii: "`")) else { return .math(tex, display: display) }
    var parts: [InlineFormula.Part] = []
    var rest = tex[...]
    var place = (line: line, column: 0)
    while let match = Self.expression(in: rest) {
      if match.range.lowerBound > rest.startIndex { parts.append(.tex(String(rest[..<match.range.lowerBound]))) }
      let lead = Array(rest[match.range.lowerBound..<match.source.startIndex].prefix { $0 != "\n" })
      place = find(lead, from: place)
      parts.append(
        .expression(
          InlineExpression(
            index: expressionCount, source: String(match.source),
            position: SourcePosition(line: place.line + firstLine, column: place.column + lead.count + 1))))
      place.column += lead.count
      expressionCount += 1
      rest = rest[match.range.upperBound...]
    }
    guard !parts.isEmpty else { return .math(tex, display: display) }
    if !rest.isEmpty { parts.append(.tex(String(rest))) }
    return .formula(InlineFormula(parts: parts, display: display))
  }

  /// The first inline expression of a formula, such as `{swift} x` between backticks: its range with the backticks, and
  /// its source.
  private static func expression(in text: Substring) -> (range: Range<Substring.Index>, source: Substring)? {
    var rest = text
    while let mark = rest.firstRange(of: "`{swift}") {
      rest = rest[mark.upperBound...]
      guard let end = rest.firstIndex(of: "`") else { return nil }
      let content = rest[..<end]
      guard content.first?.isWhitespace == true, let first = content.firstIndex(where: { !$0.isWhitespace }),
        let last = content.lastIndex(where: { !$0.isWhitespace })
      else { continue }
      return (mark.lowerBound..<text.index(after: end), content[first...last])
    }
    return nil
  }

  /// The next place in the file, all from 0, where `text` appears.
  private func find(_ text: [Character], from place: (line: Int, column: Int)) -> (line: Int, column: Int) {
    for line in place.line..<max(place.line, min(place.line + 50, source.count)) {
      let characters = source[line]
      let start = line == place.line ? place.column : 0
      guard characters.count >= start + text.count else { continue }
      for column in start...(characters.count - text.count) where characters[column...].starts(with: text) {
        return (line, column)
      }
    }
    return place
  }

  private mutating func code(_ content: String, within lines: ClosedRange<Int>) -> Inline {
    let prefix = "{swift}"
    let afterPrefix = content.dropFirst(prefix.count)
    let expression = String(afterPrefix).trimmingWhitespace()
    guard content.hasPrefix(prefix), afterPrefix.first?.isWhitespace == true, !expression.isEmpty else {
      warnOfCode(content, within: lines)
      return .code(content)
    }
    defer { expressionCount += 1 }
    return .expression(
      InlineExpression(
        index: expressionCount, source: expression,
        position: expressionPosition(
          content, offset: content.count - afterPrefix.drop(while: \.isWhitespace).count, within: lines)))
  }

  /// Warns about code that looks like an inline value of Labbook or of another tool.
  private mutating func warnOfCode(_ content: String, within lines: ClosedRange<Int>) {
    guard let match = content.prefixMatch(of: /\{\s*\.?([A-Za-z]+)\s*\}\s*(?=\S)|\{[Ss]wift\s/) else { return }
    let language = match.1.map(String.init) ?? "swift"
    let position = expressionPosition(content, offset: 0, within: lines)
    guard ["swift", "r", "python", "julia", "ojs"].contains(language.lowercased()) else { return }
    let isSwift = language.lowercased() == "swift"
    warnings.append(
      (
        position, isSwift ? "`\(content)` is not evaluated" : "`\(content)` is not evaluated: Labbook runs Swift",
        "An inline value is written as `{swift} expression`."
      ))
  }

  /// cmark-gfm's columns of inlines are wrong after indentation, so that the code is searched in the file.
  private mutating func expressionPosition(
    _ content: String, offset: Int, within lines: ClosedRange<Int>
  ) -> SourcePosition {
    let key = Self.key(content)
    guard let spans = codeSpans[key],
      let found = spans.firstIndex(where: { $0.positions.first.map { lines.contains($0.line + 1) } ?? false }),
      offset < spans[found].positions.count
    else {
      return SourcePosition(line: lines.lowerBound + firstLine - 1, column: 1)
    }
    let span = spans[found]
    codeSpans[key]?.remove(at: found)
    return SourcePosition(line: span.positions[offset].line + firstLine, column: span.positions[offset].column + 1)
  }

  /// The key of inline code. In a table a bar is written as `\|`.
  private static func key(_ content: String) -> String {
    content.contains("\\") ? content.replacing("\\|", with: "|") : content
  }

  // MARK: Places

  private struct Cursor {
    /// The line, from 1, the offset of the next character in it, and the bytes and characters up to there, from 1.
    var line = 0
    var offset = 0
    var bytes = 1
    var characters = 1
  }

  /// The number of characters behind a node's column in which its first character is searched.
  private static let searched = 200

  /// The position of a node, which begins with a known character.
  private mutating func position(
    _ node: MarkdownNode, first: Character, within lines: ClosedRange<Int>
  ) -> SourcePosition {
    let isKnown = lines.contains(node.startLine)
    let line = isKnown ? node.startLine : lines.lowerBound
    var column = column(line: line, byte: node.startColumn)
    if source.indices.contains(line - 1) {
      let text = source[line - 1]
      if column > text.count || text[column - 1] != first,
        let found = text.dropFirst(column - 1).prefix(Self.searched).firstIndex(of: first)
          ?? (isKnown ? nil : text.prefix(Self.searched).firstIndex(of: first))
      {
        column = found + 1
      }
    }
    return SourcePosition(line: line + firstLine - 1, column: column)
  }

  /// The column in the file, in characters, of a byte in a line of the parser's text, all from 1.
  package mutating func column(line: Int, byte: Int) -> Int {
    guard lines.indices.contains(line - 1) else { return 1 }
    // Nodes come in the order of the text, so that the characters before a node are usually counted already.
    if cursor.line != line || cursor.bytes > byte { cursor = Cursor(line: line) }
    while cursor.offset < lines[line - 1].count, cursor.bytes < byte {
      let character = lines[line - 1][cursor.offset]
      cursor.offset += 1
      cursor.bytes += character.utf8.count
      cursor.characters += lifted[character]?.source.count ?? 1
    }
    return cursor.characters
  }
}

extension [Inline] {
  /// Appends text to the last run of text, if there is one.
  fileprivate mutating func appendText(_ text: String) {
    if case .text(var before)? = last {
      // The array gives its copy up, so that a text that grows by characters isn't copied for each of them.
      self[count - 1] = .softBreak
      before += text
      self[count - 1] = .text(before)
    } else {
      append(.text(text))
    }
  }

  /// These inlines without line ends between Chinese or Japanese characters, which don't mean spaces.
  fileprivate var withoutEastAsianSpaces: [Inline] {
    var result: [Inline] = []
    for (index, inline) in enumerated() {
      if inline == .softBreak, index + 1 < count, let before = result.last?.lastCharacter,
        let after = self[index + 1].firstCharacter,
        before.isEastAsianWide || before.isEastAsianPunctuation, after.isEastAsianWide || after.isEastAsianPunctuation,
        before.isEastAsianWide || after.isEastAsianWide, !before.isHangul, !after.isHangul
      {
        continue
      }
      if case .text(let text) = inline { result.appendText(text) } else { result.append(inline) }
    }
    return result
  }
}

extension Inline {
  fileprivate var firstCharacter: Character? {
    switch self {
    case .text(let text): text.first
    case .styled(_, let content): content.first?.firstCharacter
    case .link(let link): link.content.first?.firstCharacter
    default: nil
    }
  }

  fileprivate var lastCharacter: Character? {
    switch self {
    case .text(let text): text.last
    case .styled(_, let content): content.last?.lastCharacter
    case .link(let link): link.content.last?.lastCharacter
    default: nil
    }
  }
}
