import Foundation
import Markup
import Report

/// Sets blocks as strips.
extension PaperReport {
  /// The gap between paragraphs.
  var gap: Double { 0.72 * style.fontSize }

  mutating func blocks(_ blocks: [Block], isTight: Bool = false) {
    for block in blocks { self.block(block, isTight: isTight) }
  }

  private mutating func block(_ block: Block, isTight: Bool) {
    switch block.content {
    case .paragraph(let inlines):
      if case .image(let image)? = inlines.first, inlines.count == 1 { return figure(of: image) }
      let room = isTight ? 0.2 * style.fontSize : gap
      add(styled(inlines, body), body, above: room, below: room)
    case .heading(let level, let inlines): heading(level, inlines, at: block.position)
    case .code(let code):
      if content.scope.isNotebook, let cell = content.report.cells[code.position.line] {
        return self.cell(cell, line: code.position.line)
      }
      listing(code)
    case .quote(let inner):
      let outer = body
      body.color = .muted
      boxed(fill: nil, bar: .line, padding: (2, 1.1 * style.fontSize), margin: gap) { $0.blocks(inner) }
      body = outer
    case .list(let list): self.list(list)
    case .table(let table): self.table(table)
    case .math(let tex): formula(tex)
    case .thematicBreak:
      var strip = Strip(
        height: 1,
        marks: [
          PageMark(
            .box(fill: .line, stroke: nil, radius: 0), Area(x: column.left, y: 0, width: column.width, height: 1))
        ])
      (strip.above, strip.below) = (2 * style.fontSize, 2 * style.fontSize)
      add(strip)
    case .html(let html):
      content.warnOfHTML(html, at: block.position)
      code(html.components(separatedBy: "\n"))
    }
  }

  // MARK: Headings

  private static let headingSizes = [1.75, 1.42, 1.16, 1.03, 1, 1]

  private mutating func heading(_ level: Int, _ inlines: [Inline], at position: SourcePosition) {
    let level = min(6, level + content.headingShift)
    let size = Self.headingSizes[level - 1]
    var format = body.sized(size)
    format.isBold = true
    format.lineHeight = 1.36
    let start = flow.strips.count
    let follows = flow.strips.last.map { $0.keepsWithNext && $0.below > 0 } ?? false
    add(
      styled(inlines, format), format, above: (follows ? 0.5 : level <= 2 ? 2.1 : 1.6) * style.fontSize,
      below: (level <= 2 ? 0.62 : 0.45) * style.fontSize, isWhole: true, keepsWithNext: true)
    guard content.scope.isNotebook, let anchor = content.numbering.anchor(heading: position), flow.strips.count > start
    else { return }
    let area = Area(x: column.left, y: 0, width: column.width, height: 0)
    flow.strips[start].marks += [
      PageMark(.place(anchor), area), PageMark(.outline(content.plainText(inlines), level: level, place: anchor), area),
    ]
  }

  // MARK: Code

  private mutating func listing(_ code: CodeBlock) {
    var lines = code.literal.components(separatedBy: "\n")
    if lines.last == "" { lines.removeLast() }
    let isSwift = code.language.lowercased() == "swift"
    self.code(lines, colors: isSwift ? SwiftColouring.spans(code.literal) : [])
  }

  var codeFormat: TextFormat {
    var format = TextFormat(family: .code, size: 0.8 * style.fontSize)
    format.lineHeight = 1.5
    return format
  }

  /// Sets lines of code on a box.
  mutating func code(_ lines: [String], colors: [(range: Range<Int>, ink: Ink)] = []) {
    let format = codeFormat
    boxed(fill: .soft, bar: nil, padding: (0.7 * style.fontSize, 0.9 * style.fontSize), margin: gap * 1.3) { writer in
      var offset = 0
      for line in lines {
        let end = offset + line.utf8.count
        var text = StyledText()
        var position = offset
        for (range, ink) in colors where range.lowerBound < end && range.upperBound > offset {
          let part = range.clamped(to: offset..<end)
          text.append(line.bytes(position - offset, part.lowerBound - offset))
          text.append(line.bytes(part.lowerBound - offset, part.upperBound - offset), [.color(ink)])
          position = part.upperBound
        }
        text.append(line.bytes(position - offset, end - offset))
        writer.add(text.isEmpty ? StyledText(" ") : text, format)
        offset = end + 1
      }
    }
  }

  // MARK: Formulas

  private mutating func formula(_ tex: String) {
    guard let element = content.formulas[tex, display: true] else {
      return add(StyledText(tex, [.italic]), body, above: gap * 1.2, below: gap * 1.2, isWhole: true)
    }
    let math = MathSetter(setter: setter, color: body.color)
    let lines = math.lines(element, size: body.size * 1.1, width: column.width)
    // All lines are scaled down by the factor that the longest line needs.
    let longest = max(lines.map(\.width).max() ?? 1, 1)
    let factor = min(1, column.width / longest)
    let left = column.left + (column.width - longest * factor) / 2
    for (number, line) in lines.enumerated() {
      let area = Area(x: left, y: 0, width: line.width * factor, height: line.height * factor)
      var strip = Strip(height: area.height, marks: [PageMark(.formula(line, body.color), area)])
      strip.above = number == 0 ? gap * 1.3 : gap * 0.5
      strip.below = number == lines.count - 1 ? gap * 1.3 : 0
      strip.keepsWithNext = number < lines.count - 1
      add(strip)
    }
  }

  // MARK: Lists

  private mutating func list(_ list: ListBlock) {
    let size = style.fontSize
    let indent = list.start == nil ? 1.35 * size : (0.75 + 0.6 * Double(list.digits)) * size
    let start = flow.strips.count
    for (number, item) in list.items.enumerated() {
      let first = flow.strips.count
      indented(left: indent) { $0.blocks(item.blocks, isTight: list.isTight) }
      if flow.strips.count == first { add(room: body.pitch, keepsWithNext: false) }
      let line = flow.strips[first]
      if list.isTight {
        flow.strips[first].above = max(line.above, number == 0 ? 0 : 0.24 * size)
      }
      guard let mark = marker(list, number, item, indent: indent, strip: line) else { continue }
      flow.strips[first].marks += mark
    }
    guard flow.strips.count > start else { return }
    flow.strips[start].above = max(flow.strips[start].above, column.left > style.margin.side ? 0.2 * size : gap)
    let below = column.left > style.margin.side ? 0.2 * size : gap
    changeLast(from: start) { $0.below = max($0.below, below) }
  }

  /// The number, bullet or box before an item, on the baseline of its first line.
  private func marker(_ list: ListBlock, _ number: Int, _ item: ListBlock.Item, indent: Double, strip: Strip)
    -> [PageMark]?
  {
    let size = style.fontSize
    let baseline = strip.firstBaseline ?? body.size * 1.2
    if let isChecked = item.isChecked {
      let side = 0.8 * size
      let area = Area(x: column.left + 0.15 * size, y: baseline - 0.76 * size, size: side)
      guard isChecked else { return [PageMark(.box(fill: .paper, stroke: .muted, radius: 2), area)] }
      return [
        PageMark(.box(fill: .accent, stroke: .accent, radius: 2), area),
        PageMark(.stroke([(0.2, 0.52), (0.42, 0.74), (0.8, 0.26)], .paper, width: 0.11 * size), area),
      ]
    }
    guard let start = list.start else {
      let side = 0.3 * size
      return [
        PageMark(
          .box(fill: .muted, stroke: nil, radius: side / 2),
          Area(x: column.left + 0.5 * size, y: baseline - 0.36 * size - side / 2, size: side))
      ]
    }
    var format = body
    format.color = .muted
    format.hasTabularFigures = true
    let set = setter.set(StyledText("\(start + number)."), format)
    return set.marks(line: 0, x: column.left + indent - 0.42 * size - set.width, baseline: baseline)
  }

  // MARK: Pictures

  private mutating func figure(of image: Inline.Image) {
    let entry = content.scope.isNotebook ? content.numbering.entry(image: image) : nil
    switch picture(image) {
    case .failure(let note):
      add(
        StyledText(Self.boxed(note.text), Self.missing), body, above: gap, below: gap, isWhole: true,
        keepsWithNext: entry != nil)
    case .success(let picture):
      let size = fitted(picture, width: column.width, height: style.columnHeight * 0.8)
      let area = Area(
        x: column.left + (column.width - size.width) / 2, y: 0, width: size.width, height: size.height)
      var strip = Strip(height: size.height, marks: [PageMark(.picture(picture), area)])
      (strip.above, strip.below) = (gap * 1.6, entry == nil ? gap * 1.6 : 0)
      strip.keepsWithNext = entry != nil
      if let entry { strip.marks.append(PageMark(.place(entry.anchor), area)) }
      add(strip)
    }
    if let entry { caption(entry, above: 0.6 * style.fontSize, below: gap * 2) }
  }

  var captionFormat: TextFormat {
    var format = body.sized(0.87)
    format.color = .muted
    format.lineHeight = 1.5
    return format
  }

  /// The label "Figure 1" and the caption's text.
  mutating func caption(
    _ entry: ReportNumbering.Entry, above: Double, below: Double, keepsWithNext: Bool = false
  ) {
    var text = StyledText(content.label(of: entry), [.bold, .color(.ink)])
    if let (document, inlines) = content.caption(entry.caption) {
      text.append("\u{2002}")
      within(document) { writer in
        text.append(writer.styled(inlines, writer.captionFormat))
      }
    }
    add(text, captionFormat, above: above, below: below, isWhole: true, keepsWithNext: keepsWithNext)
  }
}

extension ListBlock {
  /// The number of digits of the greatest number.
  fileprivate var digits: Int { String((start ?? 1) + items.count - 1).count }
}

extension Strip {
  /// The baseline of the first line of text in it.
  var firstBaseline: Double? {
    for mark in marks {
      if case .text(let text, let line) = mark.content { return mark.area.y + text.lines[line].ascent }
    }
    return nil
  }
}

extension String {
  /// The text of a range of bytes.
  fileprivate func bytes(_ start: Int, _ end: Int) -> String {
    String(decoding: utf8.dropFirst(start).prefix(max(0, end - start)), as: UTF8.self)
  }
}
