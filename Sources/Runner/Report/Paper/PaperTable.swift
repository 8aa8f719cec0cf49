import Plot

/// A table made ready to be set: what stands in its cells, and how.
struct PaperTable {
  struct Cell {
    var text: StyledText
    /// Whether it stands on one line.
    var isShort = false
    /// Figure spaces behind a number, which put its decimal point below that of the others.
    var padding = ""
  }

  var header: [Cell]
  var rows: [[Cell]]
  var alignments: [TableBlock.Alignment]
  /// Whether it is as wide as the column even when it could be narrower.
  var fillsColumn: Bool
}

extension PaperReport {
  /// Adds a table's rows; a caption above it keeps with the first.
  mutating func add(_ table: PaperTable, above: Double, below: Double) {
    let count = max(table.header.count, table.rows.map(\.count).max() ?? 0)
    guard count > 0 else { return }
    var format = body.sized(0.88)
    format.lineHeight = 1.48
    format.hasTabularFigures = true
    let base = format.size
    var columns = Columns(table, count, format, setter)
    // A table that is too wide for its words is set in smaller letters before a word is broken.
    for factor in [0.93, 0.86, 0.79] where columns.least > column.width {
      format.size = base * factor
      columns = Columns(table, count, format, setter)
    }
    let widths = columns.widths(in: column.width, fills: table.fillsColumn)
    let total = widths.reduce(0, +) + columns.gap * Double(count - 1)
    let layout = RowLayout(
      lefts: widths.indices.map { column.left + widths[..<$0].reduce(0, +) + columns.gap * Double($0) },
      widths: widths, alignments: table.alignments, format: format, setter: setter)

    func rule(_ ink: Ink, _ thickness: Double, y: Double) -> PageMark {
      PageMark(.box(fill: ink, stroke: nil, radius: 0), Area(x: column.left, y: y, width: total, height: thickness))
    }
    var header: Int?
    let start = flow.strips.count
    if !table.header.isEmpty {
      var strips = layout.strips(table.header, isHeader: true)
      strips[0].marks.append(rule(.rule, 1.4, y: 0))
      let last = strips.count - 1
      strips[last].marks.append(rule(.rule, 0.8, y: strips[last].height - 0.8))
      for index in strips.indices { strips[index].keepsWithNext = true }
      header = flow.headers.count
      flow.headers.append(strips)
      for strip in strips { add(strip) }
    }
    for (number, row) in table.rows.enumerated() {
      var strips = layout.strips(row, isHeader: false)
      if number > 0 {
        strips[0].marks.append(rule(.line, 0.8, y: 0))
      } else if header == nil {
        strips[0].marks.append(rule(.rule, 1.4, y: 0))
      }
      let isLast = number == table.rows.count - 1
      // A row stays in one piece unless it is higher than a third of the page; no last row stands alone.
      let isWhole = strips.height < style.columnHeight / 3
      for index in strips.indices {
        strips[index].header = header
        let isEnd = index == strips.count - 1
        strips[index].keepsWithNext = isEnd ? number == table.rows.count - 2 && number > 0 : isWhole
      }
      if isLast {
        let end = strips.count - 1
        strips[end].height += 1.4
        strips[end].marks.append(rule(.rule, 1.4, y: strips[end].height - 1.4))
        strips[end].keepsWithNext = false
      }
      for strip in strips { add(strip) }
    }
    guard flow.strips.count > start else { return }
    if table.rows.isEmpty { changeLast(from: start) { $0.keepsWithNext = false } }
    flow.strips[start].above = above
    changeLast(from: start) { $0.below = below }
  }

  /// A table written in Markdown.
  mutating func table(_ table: TableBlock) {
    let format = body
    func cell(_ inlines: [Inline], isHeader: Bool) -> PaperTable.Cell {
      PaperTable.Cell(
        text: styled(inlines, format.sized(0.88), isHeader ? [.bold] : []),
        isShort: !isHeader && HTMLReport.isShort(content.plainText(inlines)))
    }
    var header: [PaperTable.Cell] = []
    if !table.header.allSatisfy(\.isEmpty) {
      for inlines in table.header { header.append(cell(inlines, isHeader: true)) }
    }
    var rows: [[PaperTable.Cell]] = []
    for row in table.rows where !row.allSatisfy(\.isEmpty) {
      var cells: [PaperTable.Cell] = []
      for inlines in row { cells.append(cell(inlines, isHeader: false)) }
      rows.append(cells)
    }
    let paper = PaperTable(header: header, rows: rows, alignments: table.alignments, fillsColumn: false)
    add(paper, above: gap * 1.4, below: gap * 1.4)
  }

  /// A table that a cell showed.
  mutating func table(_ table: Table, entry: ReportNumbering.Entry) {
    let start = flow.strips.count
    caption(entry, above: gap * 1.8, below: 0.45 * style.fontSize, keepsWithNext: true)
    if flow.strips.count > start {
      flow.strips[start].marks.append(
        PageMark(.place(entry.anchor), Area(x: column.left, y: 0, width: column.width, height: 0)))
    }
    let texts = table.texts
    let best = table.columns.indices.map { Set(table.bestRows(column: $0)) }
    let alignments = table.columns.indices.map { table.alignment(column: $0) }
    let padding = table.columns.indices.map { column in
      alignments[column] == .right ? AlignedDecimals.padding(texts.map { $0[column] }) : texts.map { _ in "" }
    }
    let rows = texts.enumerated().map { row, texts in
      texts.enumerated().map { column, text in
        PaperTable.Cell(
          text: StyledText(text, best[column].contains(row) ? [.bold, .color(.best)] : []),
          isShort: alignments[column] == .right || HTMLReport.isShort(text), padding: padding[column][row])
      }
    }
    let paper = PaperTable(
      header: table.headings.map { PaperTable.Cell(text: StyledText($0.replacing(" %", with: "\u{A0}%"), [.bold])) },
      rows: rows,
      alignments: alignments.map { $0 == .right ? .right : .left }, fillsColumn: true)
    add(paper, above: 0, below: gap * 2)
  }
}

/// How wide a table's columns can be.
private struct Columns {
  /// Of each column, the width below which a word would break, and that of its longest line.
  private var leasts: [Double]
  private var natural: [Double]
  let gap: Double

  init(_ table: PaperTable, _ count: Int, _ format: TextFormat, _ setter: TextSetter) {
    gap = 1.15 * format.size
    leasts = Array(repeating: 0, count: count)
    natural = leasts
    for row in [table.header] + table.rows {
      for (column, cell) in row.enumerated() {
        let text = cell.padding.isEmpty ? cell.text : cell.text.followed(by: cell.padding)
        let width = setter.set(text, format).width.rounded(.up)
        let word = cell.isShort ? width : setter.set(text, format, width: 1, breaksWords: false).width.rounded(.up)
        natural[column] = max(natural[column], width)
        leasts[column] = max(leasts[column], cell.isShort ? width : min(width, max(word, 4.5 * format.size)))
      }
    }
  }

  /// The width that the whole table needs at least.
  var least: Double { leasts.reduce(0, +) + gap * Double(leasts.count - 1) }

  /// The columns' widths in a column of text: as wide as their content if that fits, else what is left over shared by how
  /// much each would like to have.
  func widths(in width: Double, fills: Bool) -> [Double] {
    let room = width - gap * Double(natural.count - 1)
    let wanted = natural.reduce(0, +)
    if wanted <= room {
      let target = fills ? room : max(wanted, min(room, width / 2))
      return natural.map { $0 + (target - wanted) / Double(natural.count) }
    }
    let needed = leasts.reduce(0, +)
    guard needed < room else { return leasts.map { max(12, $0 * room / needed) } }
    let spread = zip(natural, leasts).map { max(0, $0 - $1) }
    let sum = spread.reduce(0, +)
    return zip(leasts, spread).map { $0 + (room - needed) * (sum > 0 ? $1 / sum : 1 / Double(natural.count)) }
  }
}

/// Sets the rows of a table.
private struct RowLayout {
  var lefts: [Double]
  var widths: [Double]
  var alignments: [TableBlock.Alignment]
  var format: TextFormat
  var setter: TextSetter

  /// A row's lines as one strip each.
  func strips(_ cells: [PaperTable.Cell], isHeader: Bool) -> [Strip] {
    let sets = cells.enumerated().map { column, cell in setter.set(cell.text, format, width: widths[column]) }
    let count = max(1, sets.map(\.lines.count).max() ?? 1)
    let padding = 0.36 * format.size
    var strips: [Strip] = []
    for number in 0..<count {
      let (isFirst, isLast) = (number == 0, number == count - 1)
      // Headings stand on the rule below them.
      let lines = sets.map { set in
        let line = isHeader ? number - (count - set.lines.count) : number
        return set.lines.indices.contains(line) ? line : nil
      }
      let ascent = zip(sets, lines).map { set, line in line.map { set.lines[$0].ascent } ?? 0 }.max() ?? 0
      let descent = zip(sets, lines).map { set, line in line.map { set.lines[$0].descent } ?? 0 }.max() ?? 0
      let top = isFirst ? padding : 0
      var strip = Strip(height: top + ascent + descent + (isLast ? padding : 0))
      for (column, (set, line)) in zip(sets, lines).enumerated() {
        guard let line else { continue }
        let room = widths[column] - set.lines[line].width - hanging(cells[column])
        let shift: Double =
          switch alignments.indices.contains(column) ? alignments[column] : .none {
          case .none, .left: 0
          case .center: room / 2
          case .right: room
          }
        strip.marks += set.marks(line: line, x: lefts[column] + shift, baseline: top + ascent)
        strip.notes += set.notes(line: line)
      }
      strips.append(strip)
    }
    return strips
  }

  /// The room behind a number that its missing decimals would take.
  private func hanging(_ cell: PaperTable.Cell) -> Double {
    cell.padding.isEmpty ? 0 : setter.set(StyledText(cell.padding), format).width
  }
}

extension StyledText {
  fileprivate func followed(by more: String) -> StyledText {
    var text = self
    text.append(more)
    return text
  }
}
