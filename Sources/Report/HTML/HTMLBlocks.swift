import Foundation
import Markup

/// Blocks as HTML.
extension HTMLReport {
  package mutating func blocks(_ blocks: [Block], isTight: Bool = false) -> HTML {
    var parts: [HTML] = []
    for block in blocks { parts.append(self.block(block, isTight: isTight)) }
    return .lines(parts)
  }

  private mutating func block(_ block: Block, isTight: Bool) -> HTML {
    switch block.content {
    case .paragraph(let inlines):
      if case .image(let image)? = inlines.first, inlines.count == 1 { return figure(of: image) }
      return isTight ? text(inlines) : .element("p", [:], text(inlines))
    case .heading(let level, let inlines):
      let anchor = content.scope.isNotebook ? numbering.anchor(heading: block.position) : nil
      return .element("h\(min(6, level + content.headingShift))", ["id": anchor], text(inlines))
    case .code(let code):
      if content.scope.isNotebook, let cell = report.cells[code.position.line] {
        return self.cell(cell, line: code.position.line)
      }
      return listing(code)
    case .quote(let blocks): return .block("blockquote", [:], self.blocks(blocks))
    case .list(let list): return self.list(list)
    case .table(let table): return self.table(table)
    case .math(let tex): return formula(tex, display: true, element: "div")
    case .thematicBreak: return .void("hr")
    case .html(let html):
      content.warnOfHTML(html, at: block.position)
      return .element("pre", [:], .element("code", [:], .text(html)))
    }
  }

  private func listing(_ code: CodeBlock) -> HTML {
    let content = code.language.lowercased() == "swift" ? SwiftColouring.html(code.literal) : .text(code.literal)
    return .element("pre", ["class": "listing", "tabindex": "0"], .element("code", [:], content))
  }

  private mutating func list(_ list: ListBlock) -> HTML {
    var items: [HTML] = []
    for item in list.items {
      let content = blocks(item.blocks, isTight: list.isTight)
      guard let isChecked = item.isChecked else {
        items.append(.element("li", [:], content))
        continue
      }
      let box = HTML.void(
        "input",
        [
          "type": "checkbox", "disabled": "disabled", "checked": isChecked ? "checked" : nil,
          "aria-label": isChecked ? words.taskDone : words.taskOpen,
        ])
      items.append(.element("li", ["class": "task"], box, .text(" "), content))
    }
    guard let start = list.start else { return .block("ul", [:], .lines(items)) }
    return .block("ol", ["start": start == 1 ? nil : String(start)], .lines(items))
  }

  private mutating func table(_ table: TableBlock) -> HTML {
    var rows: [HTML] = []
    for row in table.rows where !row.allSatisfy(\.isEmpty) { rows.append(tableRow(row, of: table, element: "td")) }
    let head =
      table.header.allSatisfy(\.isEmpty)
      ? HTML.empty : .element("thead", [:], tableRow(table.header, of: table, element: "th"))
    return scrolling(
      .block("table", [:], head, rows.isEmpty ? .empty : .block("tbody", [:], .lines(rows))), labelledBy: nil)
  }

  private mutating func tableRow(_ row: [[Inline]], of table: TableBlock, element: String) -> HTML {
    var cells: [HTML] = []
    for (column, inlines) in row.enumerated() {
      // An empty cell is not a heading.
      let element = inlines.isEmpty ? "td" : element
      var classes: [String] = []
      switch table.alignments.indices.contains(column) ? table.alignments[column] : .none {
      case .none, .left: break
      case .center: classes.append("center")
      case .right: classes.append("right")
      }
      if element == "td", !inlines.isEmpty, Self.isShort(inlines.plainText) { classes.append("short") }
      cells.append(
        .element(
          element,
          ["class": classes.isEmpty ? nil : classes.joined(separator: " "), "scope": element == "th" ? "col" : nil],
          text(inlines)))
    }
    return .element("tr", [:], .joined(cells))
  }

  /// Whether a table should scroll rather than wrap this text.
  package static func isShort(_ text: String, columns: Int = 22) -> Bool {
    text.displayColumns <= columns
  }

  /// A box that scrolls sideways, also by keyboard, when its content is wider than the page.
  package func scrolling(_ content: HTML, labelledBy: String?) -> HTML {
    .block(
      "div",
      [
        "class": "scroll", "tabindex": "0", "role": labelledBy.map { _ in "group" },
        "aria-labelledby": labelledBy,
      ], content)
  }

  // MARK: Pictures

  /// A picture that is alone in its paragraph. It has a number if it has a caption.
  private mutating func figure(of image: Inline.Image) -> HTML {
    let picture = self.picture(image)
    guard content.scope.isNotebook, let entry = numbering.entry(image: image) else {
      return .element("p", ["class": "picture"], picture)
    }
    return .block(
      "figure", ["id": entry.anchor], picture,
      .element("figcaption", [:], caption(words.figure(entry.number), entry.caption)))
  }

  package mutating func picture(_ image: Inline.Image) -> HTML {
    switch content.picture(image) {
    case .data(let data): return .void("img", ["src": PictureData.url(data), "alt": image.alternative])
    case .missing(let text, let address):
      let note = HTML.text(text)
      return .element("span", ["class": "missing"], address.map { .element("a", ["href": $0], note) } ?? note)
    }
  }

  /// The label "Figure 1" and the caption's text, which may hold Markdown.
  package mutating func caption(_ number: String, _ caption: String?) -> HTML {
    let label = HTML.element("span", ["class": "number"], .text(number))
    guard let (document, inlines) = content.caption(caption) else { return label }
    return label + .text(" ") + within(document) { $0.text(inlines) }
  }

  /// Writes a piece of Markdown that is not the notebook's own text.
  package mutating func within(_ document: Document, _ write: (inout HTMLReport) -> HTML) -> HTML {
    let outer = content.enter(document)
    defer { content.scope = outer }
    return write(&self)
  }
}
