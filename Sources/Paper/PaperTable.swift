import Markup
import Plot
import Report

/// A table prepared for setting: the content and format of its cells.
struct PaperTable {
  struct Cell {
    var text: StyledText
    /// Whether it must stay on one line.
    var isShort = false
    /// Figure spaces after a number, which align its decimal point with those of the others.
    var padding = ""
    /// The start and the end of its number's bar, as fractions of the room for bars, and its colour.
    var bar: (range: ClosedRange<Double>, ink: Ink)?
  }

  var header: [Cell]
  var rows: [[Cell]]
  var alignments: [TableBlock.Alignment]
  /// Whether it is as wide as the column even if it could be narrower.
  var fillsColumn: Bool
}

extension PaperReport {
  /// Adds a table's rows. A caption above it is kept with the first row.
  mutating func add(_ table: PaperTable, above: Double, below: Double) {
    let count = max(table.header.count, table.rows.map(\.count).max() ?? 0)
    guard count > 0 else { return }
    var format = body.sized(0.88)
    format.lineHeight = 1.48
    format.hasTabularFigures = true
    let base = format.size
    var columns = TableColumns(table, count, format, setter)
    // A table that is too wide for its words is set in smaller letters before any word is broken.
    for factor in [0.93, 0.86, 0.79] where columns.least > column.width {
      format.size = base * factor
      columns = TableColumns(table, count, format, setter)
    }
    let widths = columns.widths(in: column.width, fills: table.fillsColumn)
    let total = widths.reduce(0, +) + columns.gap * Double(count - 1)
    let layout = TableRowLayout(
      lefts: widths.indices.map { column.left + widths[..<$0].reduce(0, +) + columns.gap * Double($0) },
      widths: widths, numbers: columns.numbers, alignments: table.alignments, format: format, setter: setter)

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
      // A row is not divided unless it is higher than a third of the page, and the last row is never alone on a page.
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
          isShort: alignments[column] == .right || HTMLReport.isShort(text), padding: padding[column][row],
          bar: table.bar(row: row, column: column).map { ($0, best[column].contains(row) ? .best : .bar) })
      }
    }
    let paper = PaperTable(
      header: table.headings(language: content.report.frontMatter.language).map {
        PaperTable.Cell(text: StyledText($0.replacing(" %", with: "\u{A0}%"), [.bold]))
      },
      rows: rows,
      alignments: alignments.map { $0 == .right ? .right : .left }, fillsColumn: true)
    add(paper, above: 0, below: gap * 2)
  }
}
