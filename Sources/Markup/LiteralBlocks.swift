import Basics

/// Tells, line by line and without the parser, which lines of a text are code or raw HTML, as CommonMark's rules for
/// blocks say (0.31, chapter 4.5, 4.6 and 5.2). Only blocks outside quotes are followed; in quotes every line counts
/// as text.
struct LiteralBlocks {
  /// The meaning of a line.
  enum Line: Hashable {
    /// Text, or a line that begins or ends code.
    case text, mark
    /// A line of code, or of a comment or another HTML block whose end is a mark.
    case literal
    /// HTML that ends with a blank line. Its tags count.
    case tags
  }

  private enum Open {
    case fence(Fence)
    /// An HTML block that ends with the line in which one of these marks appears.
    case html(ends: [String])
    /// An HTML block that ends before a blank line.
    case tags
  }

  /// An open item of a list or a footnote.
  private struct Item {
    /// The column at which its content begins.
    var content: Int
    /// Whether the line that began it isn't perhaps only text of a paragraph.
    var isCertain: Bool
  }

  private var open: Open?
  /// The open items, the outermost first.
  private var items: [Item] = []
  /// Whether a paragraph goes on, or something after which these rules hold as after a paragraph.
  private var isInParagraph = false
  /// Whether a tag alone on its line follows a line of the same paragraph. HTML begins there if it isn't a paragraph.
  private var mayBeInTags = false
  /// Whether the parser may see other blocks than these rules. From then on, every line counts as text.
  private var isUncertain = false

  private var column: Int { items.last?.content ?? 0 }

  /// Takes in the next line, given without its end.
  mutating func next(_ line: some BidirectionalCollection<UInt8>) -> Line {
    if isUncertain { return .text }
    var rest = Indented(line)
    if open != nil, !rest.isBlank, rest.column < column {
      // Code and HTML end with their item, but nobody writes them without their own end.
      isUncertain = true
      return .text
    }
    switch open {
    case .fence(let fence):
      if let end = Fence(rest), end.isClosing, end.mark == fence.mark, end.length >= fence.length,
        rest.column - column < 4
      {
        open = nil
        return .mark
      }
      return .literal
    case .html(let ends):
      if Self.contains(rest.bytes, ends) { open = nil }
      return .literal
    case .tags:
      if !rest.isBlank { return .tags }
      open = nil
    case nil: break
    }
    if rest.isBlank {
      (isInParagraph, mayBeInTags) = (false, false)
      return .text
    }
    // A longer line is refused, so nothing needs to be known of it.
    if line.count > Budgets.markdownTextBytes {
      isUncertain = true
      return .text
    }
    let isDoubtful = !items.allSatisfy(\.isCertain)
    var isParagraph = true
    defer { isInParagraph = isParagraph && open == nil }
    while !rest.isBlank {
      let matched = items.prefix { $0.content <= rest.column }.count
      let isDeep = rest.column - (matched > 0 ? items[matched - 1].content : 0) >= 4
      if matched < items.count {
        let isStart = !isDeep && (Fence(rest)?.isOpening == true || rest.isStart || rest.isTagAlone)
        if isInParagraph, !isStart {
          // A line of a paragraph needs no indentation. But whether there is one isn't known for sure, as behind a
          // table or behind code in a quote.
          for index in matched..<items.count { items[index].isCertain = false }
          return .text
        }
        items.removeLast(items.count - matched)
        isInParagraph = false
      }
      // Indented code has no marks.
      if isDeep { return .text }
      guard let item = rest.item else { break }
      if items.count > Budgets.markdownDepth {
        isUncertain = true
        return .text
      }
      items.append(Item(content: item.content, isCertain: !isInParagraph || item.interruptsParagraph))
      isInParagraph = false
      rest = item.rest
    }
    isParagraph = !rest.isBlank && !rest.isHeadingOrBreak
    if let fence = Fence(rest), fence.isOpening {
      begin(.fence(fence))
      return isUncertain ? .text : .mark
    }
    if let ends = rest.htmlBlock {
      if !Self.contains(rest.bytes, ends) { begin(.html(ends: ends)) }
      return isUncertain ? .text : .literal
    }
    if rest.isTagBlock || rest.isTagAlone && !isInParagraph {
      begin(.tags)
      isUncertain = isUncertain || isDoubtful && !rest.isTagBlock
      return .tags
    }
    mayBeInTags = mayBeInTags || rest.isTagAlone
    return .text
  }

  private mutating func begin(_ block: Open) {
    open = block
    isUncertain = mayBeInTags || !items.allSatisfy(\.isCertain)
  }

  private static func contains(_ bytes: some Collection<UInt8>, _ marks: [String]) -> Bool {
    let line = String(decoding: bytes, as: UTF8.self).lowercased()
    return marks.contains { line.contains($0) }
  }

  /// The marks at the begin or end of fenced code.
  private struct Fence {
    var mark: UInt8
    var length: Int
    /// Whether code can begin here. The language behind backticks has no backtick.
    var isOpening: Bool
    /// Whether code can end here: nothing follows.
    var isClosing: Bool

    init?(_ line: Indented) {
      guard let mark = line.bytes.first, mark == UInt8(ascii: "`") || mark == UInt8(ascii: "~") else { return nil }
      self.mark = mark
      length = line.bytes.prefix { $0 == mark }.count
      if length < 3 { return nil }
      let after = line.bytes.dropFirst(length)
      isOpening = mark == UInt8(ascii: "~") || !after.contains(mark)
      isClosing = after.allSatisfy(Indented.isSpace)
    }
  }
}

/// A line without its indentation, and the column at which the rest begins.
private struct Indented {
  var bytes: ArraySlice<UInt8>
  var column: Int

  init(_ line: some BidirectionalCollection<UInt8>) {
    self.init(Array(line)[...], from: 0)
  }

  private init(_ bytes: ArraySlice<UInt8>, from column: Int) {
    self.bytes = bytes
    self.column = column
    while let first = self.bytes.first, Self.isSpace(first) {
      self.column += first == 0x09 ? 4 - self.column % 4 : 1
      self.bytes.removeFirst()
    }
  }

  var isBlank: Bool { bytes.isEmpty }

  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  // MARK: Items

  /// The item of a list or the footnote that begins here: where its content begins, and the rest of the line.
  var item: (content: Int, rest: Indented, interruptsParagraph: Bool)? {
    guard let first = bytes.first else { return nil }
    if first == UInt8(ascii: "[") {
      guard bytes.dropFirst().first == UInt8(ascii: "^"),
        let end = bytes.firstIndex(of: UInt8(ascii: "]")), end > bytes.startIndex + 2, end + 1 < bytes.endIndex,
        bytes[end + 1] == UInt8(ascii: ":"), !bytes[..<end].contains(where: Self.isSpace)
      else { return nil }
      return (column + 4, Indented(bytes[(end + 2)...], from: column + 4), true)
    }
    let digits = bytes.prefix(10).prefix(while: Self.isDigit)
    let mark = bytes.dropFirst(digits.count)
    let isBullet = digits.isEmpty && [UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "*")].contains(first)
    let isNumber =
      (1...9).contains(digits.count) && [UInt8(ascii: "."), UInt8(ascii: ")")].contains(mark.first ?? 0)
    let after = mark.dropFirst()
    guard isBullet || isNumber, after.first.map(Self.isSpace) ?? true, !isThematicBreak else { return nil }
    let end = column + digits.count + 1
    let rest = Indented(after, from: end)
    // With five spaces or more, indented code follows one space.
    let content = rest.isBlank || rest.column - end > 4 ? end + 1 : rest.column
    return (content, rest, !rest.isBlank && (isBullet || digits.elementsEqual([UInt8(ascii: "1")])))
  }

  private var isThematicBreak: Bool {
    guard let mark = bytes.first, [UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "_")].contains(mark) else {
      return false
    }
    return bytes.allSatisfy { $0 == mark || Self.isSpace($0) } && bytes.count { $0 == mark } >= 3
  }

  /// Whether the line is a heading behind number signs, or a thematic break.
  var isHeadingOrBreak: Bool {
    let marks = bytes.prefix { $0 == UInt8(ascii: "#") }
    return isThematicBreak
      || (1...6).contains(marks.count) && bytes.dropFirst(marks.count).first.map(Self.isSpace) ?? true
  }

  /// Whether a block begins here even where a paragraph goes on, fenced code aside.
  var isStart: Bool {
    isHeadingOrBreak || bytes.first == UInt8(ascii: ">") || item != nil || htmlBlock != nil || isTagBlock
  }

  // MARK: HTML

  /// The marks, in small letters, with which the HTML block that begins here ends; nil if none begins here, or one
  /// that ends with a blank line.
  var htmlBlock: [String]? {
    guard bytes.first == UInt8(ascii: "<") else { return nil }
    let start = String(decoding: bytes.prefix(10), as: UTF8.self).lowercased()
    if start.hasPrefix("<!--") { return ["-->"] }
    if start.hasPrefix("<?") { return ["?>"] }
    if start.hasPrefix("<![cdata[") { return ["]]>"] }
    if start.hasPrefix("<!"), bytes.dropFirst(2).first.map(Self.isLetter) == true { return [">"] }
    let name = tagName
    let after = bytes.dropFirst(1 + name.count).first
    guard ["script", "pre", "style", "textarea"].contains(name),
      after.map({ Self.isSpace($0) || $0 == UInt8(ascii: ">") }) ?? true
    else { return nil }
    return ["</script>", "</pre>", "</style>", "</textarea>"]
  }

  /// The name of the opening tag that begins here, in small letters.
  private var tagName: String {
    let name = bytes.dropFirst().prefix(12).prefix { Self.isLetter($0) || Self.isDigit($0) }
    return String(decoding: name, as: UTF8.self).lowercased()
  }

  /// Whether a tag that always begins an HTML block begins here.
  var isTagBlock: Bool {
    guard bytes.first == UInt8(ascii: "<") else { return false }
    var rest = self
    if bytes.dropFirst().first == UInt8(ascii: "/") { rest.bytes.removeFirst() }
    let name = rest.tagName
    guard Self.blockTags.contains(name) else { return false }
    let after = rest.bytes.dropFirst(1 + name.utf8.count)
    guard let next = after.first else { return true }
    return Self.isSpace(next) || next == UInt8(ascii: ">") || after.starts(with: "/>".utf8)
  }

  private static let blockTags: Set = [
    "address", "article", "aside", "base", "basefont", "blockquote", "body", "caption", "center", "col", "colgroup",
    "dd", "details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "frame",
    "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr", "html", "iframe", "legend", "li", "link",
    "main", "menu", "menuitem", "nav", "noframes", "ol", "optgroup", "option", "p", "param", "search", "section",
    "source", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "title", "tr", "track", "ul",
  ]

  /// Whether the line is a single whole tag, which begins an HTML block where no paragraph goes on.
  var isTagAlone: Bool {
    var rest = bytes
    func skip(_ condition: (UInt8) -> Bool) -> Int {
      let count = rest.prefix(while: condition).count
      rest = rest.dropFirst(count)
      return count
    }
    func take(_ byte: UInt8) -> Bool {
      guard rest.first == byte else { return false }
      rest = rest.dropFirst()
      return true
    }
    guard take(UInt8(ascii: "<")) else { return false }
    let isClosing = take(UInt8(ascii: "/"))
    guard rest.first.map(Self.isLetter) == true else { return false }
    _ = skip { Self.isLetter($0) || Self.isDigit($0) || $0 == UInt8(ascii: "-") }
    var hasSpace = skip(Self.isSpace) > 0
    while !isClosing, hasSpace, let first = rest.first, Self.isLetter(first) || "_:".utf8.contains(first) {
      _ = skip { Self.isLetter($0) || Self.isDigit($0) || "_:.-".utf8.contains($0) }
      hasSpace = skip(Self.isSpace) > 0
      guard take(UInt8(ascii: "=")) else { continue }
      _ = skip(Self.isSpace)
      if let quote = rest.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
        rest = rest.dropFirst()
        _ = skip { $0 != quote }
        guard take(quote) else { return false }
      } else if skip({ !Self.isSpace($0) && !"\"'=<>`".utf8.contains($0) }) == 0 {
        return false
      }
      hasSpace = skip(Self.isSpace) > 0
    }
    if !isClosing { _ = take(UInt8(ascii: "/")) }
    return take(UInt8(ascii: ">")) && rest.allSatisfy(Self.isSpace)
  }
}
