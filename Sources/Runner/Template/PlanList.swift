import Engine
import Foundation
import Markup

/// The list of next tasks in a notebook, under a heading such as "Next week" or 下周任务.
struct PlanList: Sendable {
  /// The items' Markdown without numbers or bullets. Further lines keep their indentation within the item.
  var items: [String]

  /// - Returns: nil when the notebook has no such heading.
  init?(of notebook: Notebook) {
    let headings = Set(allTemplates.flatMap(\.planHeadings))
    let blocks = notebook.document.blocks
    let found = blocks.indices.last { headings.contains(Self.heading(blocks[$0]) ?? "") }
    guard let found, case .heading(let level, _) = blocks[found].content else { return nil }
    items = []
    let lines = notebook.sourceLines
    for index in blocks.indices.dropFirst(found + 1) {
      if case .heading(let next, _) = blocks[index].content, next <= level { break }
      guard case .list(let list) = blocks[index].content else { continue }
      let end = blocks.indices.contains(index + 1) ? blocks[index + 1].position.line - 1 : lines.count
      items += Self.items(of: list, in: lines, end: end)
    }
    let empty = Set(allTemplates.map(\.emptyTask))
    items.removeAll { $0.isEmpty || empty.contains($0) }
  }

  private static func heading(_ block: Block) -> String? {
    guard case .heading(_, let content) = block.content else { return nil }
    // Matches "5. Next week:" and "六、下周任务".
    return content.plainText.lowercased().replacing("’", with: "'")
      .replacing(/^\s*([0-9.]+\s*|[一二三四五六七八九十]+\s*、\s*)/, with: "")
      .trimmingCharacters(in: CharacterSet(charactersIn: " \t:：。."))
  }

  private static func items(of list: ListBlock, in lines: [String], end: Int) -> [String] {
    let starts = list.items.map { $0.blocks.first?.position }
    return list.items.indices.compactMap { index in
      // Ticked items are done.
      guard let start = starts[index], list.items[index].isChecked != true, lines.indices.contains(start.line - 1)
      else {
        return nil
      }
      let next = starts[(index + 1)...].compactMap { $0 }.first.map { $0.line - 1 } ?? end
      return text(lines, from: start, end: max(start.line, next))
    }
  }

  private static func text(_ lines: [String], from start: SourcePosition, end: Int) -> String {
    let indentation = start.column - 1
    var kept = [String(lines[start.line - 1].dropFirst(indentation)).replacing(/^\[[ xX]\]\s+/, with: "")]
    for line in lines[start.line..<min(end, lines.count)] {
      let isIndented = line.prefix(indentation).allSatisfy(\.isWhitespace)
      // After an empty line, only indented lines belong to the item.
      if kept.last == "", !isIndented { break }
      kept.append(isIndented ? String(line.dropFirst(indentation)) : line)
    }
    while kept.last?.allSatisfy(\.isWhitespace) ?? false { kept.removeLast() }
    return standalone(kept.joined(separator: "\n"))
  }

  /// The text without parts that make sense only in their own notebook: expressions become code, and links to figures
  /// and footnotes become plain words.
  private static func standalone(_ text: String) -> String {
    text.replacing(/`\{swift\}\s*([^`]+)`/) { "`\($0.1)`" }
      .replacing(/\[([^\]\[]*)\]\(#[^)]*\)/) { String($0.1) }
      .replacing(/\[\^[^\]]+\]/, with: "")
  }
}
