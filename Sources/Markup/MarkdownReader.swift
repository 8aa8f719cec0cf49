import Basics

/// Converts cmark-gfm's nodes to blocks.
///
/// The text is parsed up to four times, which takes about a millisecond: to find its depth, to find lines of code
/// before display formulas are lifted, to find the paragraphs before inline formulas are lifted, and then for the tree
/// itself.
package struct MarkdownReader {
  private let source: [[Character]]
  /// The lines of the parser's text, without formulas.
  private let liftedLines: [[Character]]
  private var warnings: [(position: SourcePosition, cause: String, remedy: String)] = []
  private let firstLine: Int
  private let blockStarts: Set<Int>
  private var inlineReader: InlineReader

  /// A text's blocks, its footnotes and warnings of what misleads.
  package struct Tree {
    var blocks: [Block]
    var footnotes: [[Block]]
    var warnings: [(position: SourcePosition, cause: String, remedy: String)]
  }

  /// - Parameter unified: The text as `unified` gives it.
  /// - Returns: The tree, or the budget that the text exceeds.
  package static func read(unified: String, firstLine: Int) -> Result<Tree, MarkdownBudget.Excess> {
    let source = unified.split(separator: "\n", omittingEmptySubsequences: false).map { Array($0) }
    var lifter = MathLifter(lines: source)
    if unified.contains("$$") {
      let code = MarkdownNode.withTree(of: unified) { codeLines($0, source: source) }
      lifter.liftDisplays(protected: code ?? [])
    }
    for range in MarkdownNode.withTree(of: joined(lifter.lines), textLines) ?? [] where range.upperBound < source.count
    {
      lifter.liftInlines(in: range)
    }
    if let line = lifter.lifted.line(ofFormula: Budgets.markdownFormulas) {
      return .failure(
        MarkdownBudget.Excess(line: line + 1, cause: "the text has more than \(Budgets.markdownFormulas) formulas"))
    }
    if let line = lifter.line(ofExpression: Budgets.markdownExpressions) {
      return .failure(.expressions(line: line + 1))
    }
    if lifter.lifted.isFull {
      return .failure(
        MarkdownBudget.Excess(
          line: 1, cause: "the text has more than \(LiftedSegments.most) formulas and characters of private use"))
    }
    let tree = MarkdownNode.withTree(of: joined(lifter.lines)) { root in
      let starts = Set(root.descendants.filter { $0.kind == .code }.map(\.startLine))
      var reader = MarkdownReader(
        source: source, liftedLines: lifter.lines, firstLine: firstLine, blockStarts: starts,
        inlineReader: InlineReader(lifter: lifter, source: source, firstLine: firstLine))
      let blocks = reader.blocks(root.children.filter { $0.kind != .footnoteDefinition })
      let footnotes = root.children.filter { $0.kind == .footnoteDefinition }.map { reader.blocks($0.children) }
      return Tree(blocks: blocks, footnotes: footnotes, warnings: reader.warnings + reader.inlineReader.warnings)
    }
    return .success(tree ?? Tree(blocks: [], footnotes: [], warnings: []))
  }

  /// The text with uniform line ends, and with the parser's replacement of null characters.
  static func unified(_ markdown: String) -> String {
    // Most texts are uniform already, and need no second copy.
    if !markdown.utf8.contains(where: { $0 == 0 || $0 == 0x0D }), !markdown.hasPrefix("\u{FEFF}") { return markdown }
    var scalars = String.UnicodeScalarView()
    var previous: Unicode.Scalar?
    for scalar in markdown.unicodeScalars {
      switch scalar {
      case "\r": scalars.append("\n")
      case "\n": if previous != "\r" { scalars.append("\n") }
      case "\0": scalars.append("\u{FFFD}")
      case "\u{FEFF}" where previous == nil: break
      default: scalars.append(scalar)
      }
      previous = scalar
    }
    return String(scalars)
  }

  private static func joined(_ lines: [[Character]]) -> String {
    lines.map { String($0) }.joined(separator: "\n")
  }

  /// The lines, from 0, with code or raw HTML. Indented code that follows a line of text may be a formula's second
  /// line.
  private static func codeLines(_ root: MarkdownNode, source: [[Character]]) -> Set<Int> {
    root.descendants.reduce(into: []) { lines, node in
      guard node.kind == .html || node.kind == .code, node.endLine >= node.startLine else { return }
      let before = node.startLine - 2
      if node.kind == .code, node.fence == nil, before >= 0, !source[before].allSatisfy(\.isWhitespace) { return }
      lines.formUnion((node.startLine - 1)..<node.endLine)
    }
  }

  /// The lines, from 0, of each block that can contain inlines.
  private static func textLines(_ root: MarkdownNode) -> [ClosedRange<Int>] {
    root.descendants.compactMap { node in
      switch node.kind {
      case .paragraph, .heading, .tableRow: (node.lines.lowerBound - 1)...(node.lines.upperBound - 1)
      default: nil
      }
    }
  }

  // MARK: Blocks

  private mutating func blocks(_ nodes: [MarkdownNode]) -> [Block] {
    var blocks: [Block] = []
    for node in nodes {
      guard let content = content(node) else { continue }
      blocks.append(Block(content: content, position: position(node)))
    }
    return blocks
  }

  private mutating func content(_ node: MarkdownNode) -> Block.Content? {
    switch node.kind {
    case .paragraph:
      let inlines = inlineReader.inlines(of: node)
      if case .math(let tex, display: true)? = inlines.first, inlines.count == 1 { return .math(tex) }
      return inlines.isEmpty ? nil : .paragraph(inlines)
    case .heading:
      return .heading(level: node.headingLevel, inlineReader.inlines(of: node))
    case .code:
      let code = codeBlock(node)
      guard code.isFenced, code.isClosed, code.info == "math" else { return .code(code) }
      // GitHub's notation of a display formula.
      let formula = inlineReader.formula(code.literal.trimmingWhitespace(), display: true, line: node.startLine)
      if case .math(let tex, _) = formula { return .math(tex) }
      return .paragraph([formula])
    case .quote:
      return .quote(blocks(node.children))
    case .list:
      let items = node.children.map { ListBlock.Item(blocks: blocks($0.children), isChecked: $0.isChecked) }
      return .list(ListBlock(start: node.listStart, isTight: node.isTight, items: items))
    case .table:
      for row in node.children { warnOfUnevenRow(row, columns: node.alignments.count) }
      let rows = node.children.map { row in row.children.map { inlineReader.inlines(of: $0) } }
      return .table(TableBlock(alignments: node.alignments, header: rows.first ?? [], rows: Array(rows.dropFirst())))
    case .thematicBreak:
      return .thematicBreak
    case .html:
      let html = inlineReader.lifted.restored(node.literal).trimmingWhitespace()
      return InlineHTML.isComment(html) ? nil : .html(html)
    default:
      return nil
    }
  }

  /// Cells after a table's last column are left out, as on GitHub. They often come from a `|` in code or text that
  /// was meant as text. Missing cells stay empty.
  private mutating func warnOfUnevenRow(_ row: MarkdownNode, columns: Int) {
    guard liftedLines.indices.contains(row.lines.lowerBound - 1) else { return }
    var line = liftedLines[row.lines.lowerBound - 1].drop { $0 == ">" || $0.isWhitespace }
    if line.first == "|" { line = line.dropFirst() }
    while line.last?.isWhitespace == true { line = line.dropLast() }
    var (count, wasBackslash, last) = (1, false, false)
    for character in line {
      last = character == "|" && !wasBackslash
      if last { count += 1 }
      wasBackslash = character == "\\" && !wasBackslash
    }
    if last { count -= 1 }
    if count < columns {
      warnings.append(
        (
          position(row),
          "this row has \(count) \(count == 1 ? "cell" : "cells") and the table's head \(columns): "
            + "the rest stays empty",
          "Write a bar for each cell that is empty: | a | | |. A line of text behind a table needs an "
            + "empty line between."
        ))
    }
    guard count > columns else { return }
    warnings.append(
      (
        position(row), "this row has \(count) cells and the table's head \(columns): the last ones are left out",
        "Write \\| for a bar that belongs to a cell, also in code."
      ))
  }

  private mutating func position(_ node: MarkdownNode) -> SourcePosition {
    SourcePosition(
      line: node.lines.lowerBound + firstLine - 1,
      column: inlineReader.column(line: node.lines.lowerBound, byte: node.startColumn))
  }

  private mutating func codeBlock(_ node: MarkdownNode) -> CodeBlock {
    let literal = inlineReader.lifted.restored(node.literal)
    var code = CodeBlock(
      info: inlineReader.lifted.restored(node.info), literal: literal, position: position(node),
      isFenced: node.fence != nil, isClosed: true, contentColumns: [])
    var lines = literal.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last == "" { lines.removeLast() }
    let first = code.contentLine - firstLine
    code.contentColumns = lines.enumerated().map { index, line in
      guard source.indices.contains(first + index) else { return 1 }
      let text = source[first + index]
      return text.count >= line.count && text.suffix(line.count).elementsEqual(line)
        ? text.count - line.count + 1 : code.position.column
    }
    if let fence = node.fence { code.isClosed = isClosed(node, fence: fence, lines: lines.count) }
    return code
  }

  /// Whether a fenced block is closed. cmark-gfm also ends a block at the end of the enclosing block; its last line
  /// is then code, or not part of this block.
  private func isClosed(_ node: MarkdownNode, fence: (character: Character, length: Int), lines: Int) -> Bool {
    guard node.endLine - node.startLine - 1 == lines, !blockStarts.contains(node.endLine) else { return false }
    let last = source[node.endLine - 1].drop { $0 == ">" || $0.isWhitespace }
    let run = last.prefix { $0 == fence.character }
    return run.count >= fence.length && last.dropFirst(run.count).allSatisfy(\.isWhitespace)
  }
}
