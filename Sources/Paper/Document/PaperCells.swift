import Engine
import Foundation
import Markup
import Plot
import Report

/// Sets cells as strips: their output and errors.
extension PaperReport {
  /// - Parameter line: The line of the cell's opening fence.
  mutating func cell(_ cell: CellReport, line: Int) {
    let start = flow.strips.count
    for piece in content.parts(of: cell) {
      switch piece {
      // Only the HTML page shows the source.
      case .source: break
      case .stale:
        add(badge(words.stale), body.sized(0.8), above: gap * 1.4, below: 0.3 * style.fontSize, keepsWithNext: true)
      case .pinned(let text):
        add(
          badge(text, .muted, .soft), body.sized(0.8), above: gap * 1.4, below: 0.3 * style.fontSize,
          keepsWithNext: true)
      case .output(let index): output(of: cell, line: line, index: index)
      case .failure(let failure): self.failure(failure, isExpected: cell.options.error)
      case .notRun(let needs): notRun(needs)
      }
    }
    guard flow.strips.count > start, let anchor = content.numbering.anchor(cell: cell.name) else { return }
    flow.strips[start].marks.append(
      PageMark(.place(anchor), Area(x: column.left, y: 0, width: column.width, height: 0)))
  }

  func badge(_ text: String, _ color: Ink = .warn, _ fill: Ink = .warnSoft) -> StyledText {
    StyledText(Self.boxed(text), [.bold, .color(color), .background(fill)])
  }

  // MARK: Outputs

  private mutating func output(of cell: CellReport, line: Int, index: Int) {
    switch cell.outputs[index] {
    case .printed(let text): printed(text, isError: false)
    case .printedError(let text): printed(text, isError: true)
    case .chart(let chart):
      guard let entry = content.numbering.entry(line: line, output: index) else { return }
      figure(of: content.chart(chart, of: cell, output: index), entry: entry)
    case .table(let table):
      guard let entry = content.numbering.entry(line: line, output: index) else { return }
      self.table(table, entry: entry)
    case .markdown(let markdown):
      let document = Document(markdown: markdown, file: content.report.document.file)
      within(document) { writer in
        writer.blocks(document.blocks)
        writer.notes()
      }
    }
  }

  /// The first lines of a cell's printed text; the HTML page has the rest.
  private mutating func printed(_ text: String, isError: Bool) {
    let printed = PrintedText(text)
    guard !printed.shown.isEmpty else { return }
    boxed(fill: nil, bar: isError ? .warn : .line, padding: (1, 0.9 * style.fontSize), margin: gap * 1.3) { writer in
      if isError {
        writer.add(StyledText(writer.words.standardError, [.bold]), writer.smallFormat, keepsWithNext: true)
      }
      writer.preformatted(printed.shown)
      let hidden = printed.folded.count + printed.leftOut
      if hidden > 0 {
        writer.add(StyledText("… \(writer.words.linesLeftOut(hidden))"), writer.smallFormat, above: 2)
      }
    }
  }

  var smallFormat: TextFormat {
    var format = body.sized(0.82)
    format.color = .muted
    format.lineHeight = 1.5
    return format
  }

  private mutating func preformatted(_ lines: [String]) {
    for line in lines {
      let shown = line.count > 400 ? String(line.prefix(400)) + "…" : line
      add(StyledText(shown.isEmpty ? " " : shown), codeFormat)
    }
  }

  // MARK: Figures

  private mutating func figure(of chart: Chart, entry: ReportNumbering.Entry) {
    let chart = fitted(chart)
    let area = Area(
      x: column.left - Self.chartMargin, y: 0, width: chart.size.width, height: chart.size.height)
    var strip = Strip(
      height: area.height, marks: [PageMark(.chart(chart), area), PageMark(.place(entry.anchor), area)])
    strip.leastHeight = 0.72 * strip.height
    strip.above = gap * 1.8
    strip.keepsWithNext = true
    add(strip)
    caption(entry, above: 0.5 * style.fontSize, below: gap * 2)
  }

  /// A chart's side margin, which extends beyond the column, so that the chart's content is aligned with the text.
  private static let chartMargin = 12.8

  /// The chart at the column's width, with letters of the same size as before, and no higher than a page.
  private func fitted(_ chart: Chart) -> Chart {
    var chart = chart
    let width = column.width + 2 * Self.chartMargin
    let factor = min(1, max(width / chart.size.width, 0.8))
    chart.size = Size(width: width, height: min(chart.size.height * factor, style.columnHeight * 0.8))
    return chart
  }

  // MARK: What went wrong

  mutating func failure(_ failure: CellFailure, isExpected: Bool, heading: String? = nil) {
    let said = heading ?? (isExpected ? words.failedAsExpected : words.failed)
    let details = failure.details.map(PrintedText.lines) ?? []
    boxed(
      fill: isExpected ? .soft : .badSoft, bar: isExpected ? .line : .bad,
      padding: (0.65 * style.fontSize, 1.05 * style.fontSize), margin: gap * 1.4
    ) { writer in
      let color: Ink = isExpected ? .muted : .bad
      writer.add(StyledText(said, [.bold, .color(color)]), writer.smallFormat, keepsWithNext: true)
      writer.add(StyledText(failure.message, [.bold]), writer.body, keepsWithNext: failure.place != nil)
      if let place = failure.place {
        writer.add(StyledText(place.description, [.monospaced, .scale(0.86)]), writer.smallFormat)
      }
      guard !details.isEmpty else { return }
      let shown = details.prefix(PrintedText.shownLines)
      writer.add(room: 0.3 * writer.style.fontSize, keepsWithNext: true)
      writer.preformatted(Array(shown))
      if details.count > shown.count {
        writer.add(
          StyledText("… \(writer.words.linesLeftOut(details.count - shown.count))"), writer.smallFormat, above: 2)
      }
    }
  }

  private mutating func notRun(_ needs: [String]) {
    boxed(
      fill: .warnSoft, bar: .warn, padding: (0.6 * style.fontSize, 1.05 * style.fontSize), margin: gap * 1.4
    ) { writer in
      writer.add(
        StyledText(writer.words.notRun, [.bold, .color(.warn)]), writer.smallFormat, keepsWithNext: !needs.isEmpty)
      guard !needs.isEmpty else { return }
      let sentence = writer.words.notRunBecause(count: needs.count)
      var text = StyledText(sentence.before)
      for (number, name) in needs.enumerated() {
        if number > 0 { text.append(sentence.separator) }
        let link = writer.content.numbering.anchor(cell: name).map { [StyledText.Attribute.link(.place($0))] } ?? []
        text.append(name, [.monospaced, .scale(0.86)] + link)
      }
      text.append(sentence.after)
      writer.add(text, writer.body.sized(0.94))
    }
  }
}
