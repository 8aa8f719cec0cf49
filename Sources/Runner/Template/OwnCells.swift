import Engine
import Foundation
import Markup

/// The cells of a notebook that reads its data in its own way, with their headings. They are carried over to the next
/// notebook.
struct OwnCells {
  private var text: String

  /// - Returns: nil for a notebook without cells, and for one whose data a template can load.
  init?(of notebook: Notebook) {
    let loads = /Dataset\.load\(\s*architectures:/
    if notebook.cells.isEmpty || notebook.cells.contains(where: { $0.source.contains(loads) }) { return nil }
    let lines = notebook.sourceLines
    let headings = notebook.document.blocks.compactMap { block -> Int? in
      guard case .heading = block.content, lines[block.position.line - 1].hasPrefix("#") else { return nil }
      return block.position.line
    }
    var parts: [String] = []
    var last = 0
    for cell in notebook.cells {
      // Sections without a cell are left out: their text described the past week.
      if let heading = headings.last(where: { $0 < cell.line }), heading > last { parts.append(lines[heading - 1]) }
      last = cell.line
      let fence = cell.block.literal.contains("```") ? "~~~~" : "```"
      let code = cell.block.literal.hasSuffix("\n") ? cell.block.literal : cell.block.literal + "\n"
      parts.append("\(fence)\(cell.block.info)\n\(code)\(fence)")
    }
    text = parts.joined(separator: "\n\n") + "\n\n"
  }

  /// A template's text with these cells in place of its own, between its first and its last section.
  func inserted(into body: String) -> String {
    var sections: [String] = []
    for line in body.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("## ") || sections.isEmpty { sections.append("") }
      sections[sections.count - 1] += "\(line)\n"
    }
    guard let first = sections.first, let end = sections.last, sections.count > 1 else { return body }
    return first + text + end.trimmingCharacters(in: .newlines) + "\n"
  }
}
