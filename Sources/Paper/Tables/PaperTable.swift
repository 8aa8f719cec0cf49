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

extension PaperTable.Cell {
  /// The cell with possible line breaks within long words: after the parts of a column's name.
  fileprivate var breakable: Self {
    var cell = self
    if text.text.count > 8, text.objects.isEmpty { cell.text = text.breakable }
    return cell
  }
}

extension PaperTable {
  /// The table with a header whose names may break into several lines: `mean_error_ms`.
  var withBreakableHeader: PaperTable {
    var table = self
    table.header = header.map(\.breakable)
    return table
  }

  /// Some of the columns. Rows that are too short for a column don't have it.
  func selecting(_ columns: [Int]) -> PaperTable {
    func part(_ row: [Cell]) -> [Cell] { columns.map { row.indices.contains($0) ? row[$0] : Cell(text: StyledText()) } }
    var table = self
    table.header = header.isEmpty ? [] : part(header)
    table.rows = rows.map(part)
    table.alignments = columns.map { alignments.indices.contains($0) ? alignments[$0] : .none }
    return table
  }
}

extension PaperReport {
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
    var rows = texts.enumerated().map { row, texts in
      texts.enumerated().map { column, text in
        PaperTable.Cell(
          text: StyledText(text, best[column].contains(row) ? [.bold, .color(.best)] : []),
          isShort: alignments[column] == .right || HTMLReport.isShort(text), padding: padding[column][row],
          bar: table.bar(row: row, column: column).map { ($0, best[column].contains(row) ? .best : .bar) })
      }
    }
    if rows.isEmpty { rows = [[PaperTable.Cell(text: StyledText(words.noRows, [.color(.muted)]), isShort: true)]] }
    let paper = PaperTable(
      header: table.headings(language: content.report.frontMatter.language).map {
        PaperTable.Cell(text: StyledText($0.replacing(" %", with: "\u{A0}%"), [.bold]))
      },
      rows: rows,
      alignments: alignments.map { $0 == .right ? .right : .left }, fillsColumn: true)
    add(paper, above: 0, below: gap * 2, captionFrom: start, name: content.label(of: entry))
  }
}
