import Foundation

/// Blocks as HTML.
extension HTMLReport {
  mutating func blocks(_ blocks: [Block], isTight: Bool = false) -> HTML {
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
      let anchor = scope.isNotebook ? numbering.anchor(heading: block.position) : nil
      return .element("h\(min(6, level + headingShift))", ["id": anchor], text(inlines))
    case .code(let code):
      if scope.isNotebook, let cell = report.cells[code.position.line] {
        return self.cell(cell, line: code.position.line)
      }
      return listing(code)
    case .quote(let blocks): return .block("blockquote", [:], self.blocks(blocks))
    case .list(let list): return self.list(list)
    case .table(let table): return self.table(table)
    case .math(let tex): return .element("div", ["class": "math display"], .text(tex))
    case .thematicBreak: return .void("hr")
    case .html(let html):
      warnOfHTML(html, at: block.position)
      return .element("pre", [:], .element("code", [:], .text(html)))
    }
  }

  /// The page's title is its only heading of the first level.
  private var headingShift: Int {
    report.frontMatter.title != nil && numbering.headings.contains { $0.level == 1 } ? 1 : 0
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
      var classes: [String] = []
      switch table.alignments.indices.contains(column) ? table.alignments[column] : .none {
      case .none, .left: break
      case .center: classes.append("center")
      case .right: classes.append("right")
      }
      if element == "td", Self.isShort(inlines.plainText) { classes.append("short") }
      cells.append(
        .element(
          element,
          ["class": classes.isEmpty ? nil : classes.joined(separator: " "), "scope": element == "th" ? "col" : nil],
          text(inlines)))
    }
    return .element("tr", [:], .joined(cells))
  }

  /// Whether a table should rather scroll than break a text.
  static func isShort(_ text: String) -> Bool {
    text.reduce(0) { $0 + ($1.isEastAsianWide ? 2 : 1) } <= 20
  }

  /// A box that scrolls sideways when its content is wider than the page, also by keyboard.
  func scrolling(_ content: HTML, labelledBy: String?) -> HTML {
    .block(
      "div",
      [
        "class": "scroll", "tabindex": "0", "role": labelledBy.map { _ in "group" },
        "aria-labelledby": labelledBy,
      ], content)
  }

  // MARK: Pictures

  /// A picture that stands alone: with a caption it has a number.
  private mutating func figure(of image: Inline.Image) -> HTML {
    let picture = self.picture(image)
    guard scope.isNotebook, let entry = numbering.entry(image: image) else {
      return .element("p", ["class": "picture"], picture)
    }
    return .block(
      "figure", ["id": entry.anchor], picture,
      .element("figcaption", [:], caption(words.figure(entry.number), entry.caption)))
  }

  mutating func picture(_ image: Inline.Image) -> HTML {
    if image.source.prefixMatch(of: /data:image\/(png|jpeg|gif|webp);base64,[A-Za-z0-9+\/=]*$/) != nil {
      return .void("img", ["src": image.source, "alt": image.alternative])
    }
    let name = image.alternative.isEmpty ? image.source : image.alternative
    if LinkPolicy.isRemote(image.source) {
      warn(
        "the picture \(image.source.prefix(60)) is on the network and not part of the report", at: image.position,
        remedy: "Save it beside the notebook and name it by its path.")
      let note = HTML.text(words.picture(name, problem: .remote))
      return .element(
        "span", ["class": "missing"],
        LinkPolicy.allows(image.source) ? .element("a", ["href": image.source], note) : note)
    }
    guard let data = readFile(image.source.removingPercentEncoding ?? image.source) ?? readFile(image.source) else {
      warn(
        "there is no picture \(image.source)", at: image.position,
        remedy: "Paths are relative to the notebook's folder.")
      return .element("span", ["class": "missing"], .text(words.picture(name, problem: .missing)))
    }
    guard let url = PictureData.url(data) else {
      warn("\(image.source) is not a PNG, JPEG, GIF, WebP or SVG picture", at: image.position)
      return .element("span", ["class": "missing"], .text(words.picture(name, problem: .unknownFormat)))
    }
    return .void("img", ["src": url, "alt": image.alternative])
  }

  /// "Figure 1" and the words behind it, which may hold Markdown.
  mutating func caption(_ number: String, _ caption: String?) -> HTML {
    let label = HTML.element("span", ["class": "number"], .text(number))
    guard let caption, !caption.isEmpty else { return label }
    let document = Document(markdown: caption, file: report.document.file)
    guard case .paragraph(let inlines)? = document.blocks.first?.content, document.blocks.count == 1 else {
      return label + .text(" \(caption)")
    }
    return label + .text(" ") + within(document) { $0.text(inlines) }
  }

  /// Writes a piece of Markdown that is not the notebook's own text.
  mutating func within(_ document: Document, _ write: (inout HTMLReport) -> HTML) -> HTML {
    fragmentCount += 1
    let outer = scope
    scope = Scope(prefix: "m\(fragmentCount)-", document: document)
    defer { scope = outer }
    return write(&self)
  }
}
