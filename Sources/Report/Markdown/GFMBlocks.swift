import Foundation
import Markup

/// Blocks as lines of Markdown.
extension GFMReport {
  package mutating func blocks(_ blocks: [Block], isTight: Bool = false) -> [String] {
    var parts: [[String]] = []
    for block in blocks {
      let lines = self.block(block)
      if !lines.isEmpty { parts.append(lines) }
    }
    return Array(parts.joined(separator: isTight ? [] : [""]))
  }

  private mutating func block(_ block: Block) -> [String] {
    switch block.content {
    case .paragraph(let inlines):
      if case .image(let image)? = inlines.first, inlines.count == 1 { return figure(of: image) }
      return [text(inlines)]
    case .heading(let level, let inlines):
      let marks = String(repeating: "#", count: min(6, level + content.headingShift))
      return ["\(marks) \(text(inlines, startsLine: false))"]
    case .code(let code):
      if content.scope.isNotebook, let cell = content.report.cells[code.position.line] {
        return self.cell(cell, line: code.position.line)
      }
      return MarkdownText.fenced(Self.lines(code.literal), language: Self.language(code.language))
    case .quote(let blocks): return self.blocks(blocks).map { $0.isEmpty ? ">" : "> \($0)" }
    case .list(let list): return self.list(list)
    case .table(let table): return self.table(table)
    case .math(let tex):
      return ["$$"] + MarkdownText.formula(tex).components(separatedBy: "\n").filter { !$0.isEmpty } + ["$$"]
    case .thematicBreak: return ["---"]
    case .html(let html):
      content.warnOfHTML(html, at: block.position)
      return MarkdownText.fenced(html.components(separatedBy: "\n"))
    }
  }

  private static func lines(_ literal: String) -> [String] {
    var lines = literal.components(separatedBy: "\n")
    if lines.last == "" { lines.removeLast() }
    return lines
  }

  /// The name of a language, without characters that would end the line.
  private static func language(_ name: String) -> String {
    name.filter { $0.isASCII && ($0.isLetter || $0.isNumber || "+-#_.".contains($0)) }
  }

  private mutating func list(_ list: ListBlock) -> [String] {
    var lines: [String] = []
    for (number, item) in list.items.enumerated() {
      let mark = list.start.map { "\($0 + number)." } ?? "-"
      let box = item.isChecked.map { $0 ? "[x] " : "[ ] " } ?? ""
      let content = blocks(item.blocks, isTight: list.isTight)
      let indent = String(repeating: " ", count: mark.count + 1)
      lines.append("\(mark) \(box)\(content.first ?? "")")
      lines += content.dropFirst().map { $0.isEmpty ? "" : indent + $0 }
      if !list.isTight, number < list.items.count - 1 { lines.append("") }
    }
    return lines
  }

  private mutating func table(_ table: TableBlock) -> [String] {
    var lines = [tableRow(table.header)]
    let rules = table.alignments.map { alignment in
      switch alignment {
      case .none: "---"
      case .left: ":---"
      case .center: ":---:"
      case .right: "---:"
      }
    }
    lines.append("| \(rules.joined(separator: " | ")) |")
    for row in table.rows where !row.allSatisfy(\.isEmpty) { lines.append(tableRow(row)) }
    return lines
  }

  private mutating func tableRow(_ row: [[Inline]]) -> String {
    var cells: [String] = []
    for inlines in row { cells.append(MarkdownText.cell(text(inlines, startsLine: false))) }
    return "| \(cells.joined(separator: " | ")) |"
  }

  private mutating func figure(of image: Inline.Image) -> [String] {
    let picture = self.picture(image)
    guard content.scope.isNotebook, let entry = content.numbering.entry(image: image) else { return [picture] }
    return [Self.place(entry.anchor), "", picture, "", caption(entry)]
  }

  /// A caption: "**Figure 1** and its text".
  package mutating func caption(_ entry: ReportNumbering.Entry) -> String {
    let label = "<strong>\(MarkdownText.escaped(content.label(of: entry)))</strong>"
    guard let (document, inlines) = content.caption(entry.caption) else { return label }
    return label + " " + within(document) { [$0.text(inlines, startsLine: false)] }.joined()
  }
}
