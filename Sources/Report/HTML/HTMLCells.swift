import Engine
import Foundation
import Markup
import Plot

/// Writes cells as HTML: code, output and errors.
extension HTMLReport {
  /// - Parameter line: The line of the cell's opening fence.
  package mutating func cell(_ cell: CellReport, line: Int) -> HTML {
    var parts: [HTML] = []
    var isStale = false
    var failure: CellFailure?
    var isRun = true
    var showsSource = false
    let pieces = content.parts(of: cell)
    for piece in pieces {
      switch piece {
      case .source: showsSource = true
      case .stale: isStale = true
      case .failure(let reason): failure = reason
      case .notRun: isRun = false
      case .pinned, .output: break
      }
    }
    for piece in pieces {
      switch piece {
      case .source: parts.append(code(of: cell, failure: failure, isStale: isStale))
      // If the source is shown, the badge is in its summary line.
      case .stale: if !showsSource { parts.append(.element("p", [:], badge)) }
      case .pinned(let text): parts.append(.element("p", [:], .element("span", ["class": "badge kept"], .text(text))))
      case .output(let index): parts.append(output(of: cell, line: line, index: index))
      case .failure(let failure): parts.append(self.failure(failure, isExpected: cell.options.error))
      case .notRun(let needs): parts.append(notRun(needs))
      }
    }
    guard !parts.isEmpty else { return .empty }
    let state = failure != nil ? " failed" : !isRun ? " not-run" : isStale ? " stale" : ""
    return .block("div", ["class": "cell\(state)", "id": numbering.anchor(cell: cell.name)], .lines(parts))
  }

  private var badge: HTML {
    .element("span", ["class": "badge", "title": words.staleExplanation], .text(words.stale))
  }

  private func code(of cell: CellReport, failure: CellFailure?, isStale: Bool) -> HTML {
    var facts = [words.lines(PrintedText.lines(cell.source).count)]
    if let seconds = cell.seconds { facts.append(words.duration(seconds)) }
    let marked = failure?.place.flatMap { place in
      place.file == report.document.file ? place.line.map { $0 - cell.sourceLine + 1 } : nil
    }
    let summary = HTML.element(
      "summary", [:], .text(words.code), .text(" "), .element("code", [:], .text(cell.name)), .text(" "),
      .element("span", ["class": "facts"], .text(facts.joined(separator: " · "))),
      isStale ? .text(" ") + badge : .empty)
    return .block(
      "details", ["class": "code", "open": failure == nil ? nil : "open"], summary,
      .element(
        "pre", ["class": "listing", "tabindex": "0"],
        .element("code", [:], SwiftColouring.html(cell.source, marked: marked))))
  }

  // MARK: Outputs

  private mutating func output(of cell: CellReport, line: Int, index: Int) -> HTML {
    switch cell.outputs[index] {
    case .printed(let text): return printed(text, isError: false)
    case .printedError(let text): return printed(text, isError: true)
    case .chart(let chart):
      guard let entry = numbering.entry(line: line, output: index) else { return .empty }
      return figure(of: content.chart(chart, of: cell, output: index), entry: entry, line: line)
    case .table(let table):
      guard let entry = numbering.entry(line: line, output: index) else { return .empty }
      return self.table(table, entry: entry)
    case .markdown(let markdown):
      let document = Document(markdown: markdown, file: report.document.file)
      return .block("div", ["class": "shown"], within(document) { $0.blocks(document.blocks) + $0.footnotes() })
    }
  }

  private func printed(_ text: String, isError: Bool) -> HTML {
    let printed = PrintedText(text)
    guard !printed.shown.isEmpty else { return .empty }
    func pre(_ lines: some Sequence<String>) -> HTML {
      .element("pre", ["tabindex": "0"], .element("samp", [:], .text(lines.joined(separator: "\n"))))
    }
    var parts = [pre(printed.shown)]
    if !printed.folded.isEmpty {
      let rest: [HTML] =
        printed.leftOut == 0
        ? [pre(printed.folded)]
        : [
          pre(printed.folded.prefix(printed.foldedBeforeGap)),
          .element("p", ["class": "gap"], .text(words.linesLeftOut(printed.leftOut))),
          pre(printed.folded.dropFirst(printed.foldedBeforeGap)),
        ]
      let count = printed.folded.count + printed.leftOut
      parts.append(.block("details", [:], .element("summary", [:], .text(words.moreLines(count))), .lines(rest)))
    }
    let label = isError ? HTML.element("p", ["class": "label"], .text(words.standardError)) : .empty
    return .block("div", ["class": isError ? "printed error" : "printed"], label, .lines(parts))
  }

  private mutating func figure(of chart: Chart, entry: ReportNumbering.Entry, line: Int) -> HTML {
    let number = words.figure(entry.number)
    do {
      let drawings = try ChartDrawings(
        chart, language: report.frontMatter.language, identifier: entry.anchor, glyphs: glyphs)
      let link = (report.hasPictureFiles ? entry.fileName : nil).map { name in
        HTML.text(" ")
          + .element(
            "a", ["class": "picture-link", "href": PictureFile.address(name), "aria-label": words.pictureLink(number)],
            .text("PNG"))
      }
      return .block(
        "figure", ["class": "chart", "id": entry.anchor],
        drawings.html,
        .element("figcaption", [:], caption(number, entry.caption), link ?? .empty))
    } catch {
      let failure = content.warnOfDrawing(error, of: entry.anchor, line: line)
      return .block(
        "figure", ["class": "chart", "id": entry.anchor],
        self.failure(failure, isExpected: false, heading: number),
        .element("figcaption", [:], caption(number, entry.caption)))
    }
  }

  private mutating func table(_ table: Table, entry: ReportNumbering.Entry) -> HTML {
    let texts = table.texts
    let alignments = table.columns.indices.map { table.alignment(column: $0) }
    let best = table.columns.indices.map { Set(table.bestRows(column: $0)) }
    let padding = table.columns.indices.map { column in
      alignments[column] == .right ? AlignedDecimals.padding(texts.map { $0[column] }) : texts.map { _ in "" }
    }
    func style(_ column: Int) -> String? { alignments[column] == .right ? "right" : nil }
    let headings = table.headings(language: report.frontMatter.language).enumerated().map { column, heading in
      // An empty cell is not a heading.
      if heading.isEmpty { return HTML.element("td", [:], .empty) }
      let classes = [style(column), Self.isShort(heading, columns: 14) ? nil : "long"].compactMap { $0 }
      return HTML.element(
        "th", ["class": classes.isEmpty ? nil : classes.joined(separator: " "), "scope": "col"], .text(heading))
    }
    let widths = table.columns.indices.map { column in
      texts.indices.map { texts[$0][column].count + padding[column][$0].count }.max() ?? 0
    }
    let rows = texts.enumerated().map { row, texts in
      HTML.element(
        "tr", [:],
        .joined(
          texts.enumerated().map { column, text in
            let pad = padding[column][row]
            let isBest = best[column].contains(row)
            let shown =
              (isBest ? HTML.element("strong", ["title": words.best], .text(text)) : .text(text))
              + (pad.isEmpty ? .empty : .element("span", ["class": "pad", "aria-hidden": "true"], .text(pad)))
            let content =
              table.bar(row: row, column: column).map { Self.barred(shown, $0, isBest: isBest, width: widths[column]) }
              ?? shown
            return .element("td", ["class": style(column) ?? (Self.isShort(text) ? "short" : nil)], content)
          }))
    }
    let label = "\(entry.anchor):caption"
    let none = HTML.element(
      "tr", [:], .element("td", ["colspan": String(max(1, table.columns.count))], .text(words.noRows)))
    return .block(
      "figure", ["class": "table", "id": entry.anchor],
      .element("figcaption", ["id": label], caption(words.table(entry.number), entry.caption)),
      scrolling(
        .block(
          "table", ["aria-labelledby": label], .element("thead", [:], .element("tr", [:], .joined(headings))),
          .block("tbody", [:], .lines(rows.isEmpty ? [none] : rows))),
        labelledBy: label))
  }

  /// A number with its bar at the left. All numbers of a column are `width` figures wide, so that the bars are
  /// aligned.
  private static func barred(_ number: HTML, _ bar: ClosedRange<Double>, isBest: Bool, width: Int) -> HTML {
    func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10)%" }
    let place = "left:\(percent(bar.lowerBound));width:\(percent(bar.upperBound - bar.lowerBound))"
    return .element(
      "span", ["class": "barred"],
      .element(
        "span", ["class": "bar", "aria-hidden": "true"],
        .element("span", ["class": isBest ? "best" : nil, "style": place])),
      .element("span", ["class": "figure", "style": "min-width:\(width)ch"], number))
  }

  // MARK: What went wrong

  private func failure(_ failure: CellFailure, isExpected: Bool, heading: String? = nil) -> HTML {
    let said = heading ?? (isExpected ? words.failedAsExpected : words.failed)
    let details = failure.details.map(PrintedText.lines) ?? []
    return .block(
      "div", ["class": isExpected ? "failure expected" : "failure", "role": "group", "aria-label": said],
      .element("p", ["class": "label"], .text(said)),
      .element("p", ["class": "message"], .text(failure.message)),
      failure.place.map { .element("p", ["class": "place"], .element("code", [:], .text($0.description))) } ?? .empty,
      details.isEmpty
        ? .empty
        : .block(
          "details", ["open": details.count <= PrintedText.shownLines ? "open" : nil],
          .element("summary", [:], .text(words.details)),
          .element("pre", ["tabindex": "0"], .element("samp", [:], .text(details.joined(separator: "\n"))))))
  }

  private func notRun(_ needs: [String]) -> HTML {
    let label = HTML.element("p", ["class": "label"], .text(words.notRun))
    guard !needs.isEmpty else { return .block("div", ["class": "notice"], label) }
    let sentence = words.notRunBecause(count: needs.count)
    let names = needs.map { name in
      let code = HTML.element("code", [:], .text(name))
      return numbering.anchor(cell: name).map { .element("a", ["href": "#\($0)"], code) } ?? code
    }
    let list = names.enumerated().map { $0 == 0 ? $1 : .text(sentence.separator) + $1 }
    return .block(
      "div", ["class": "notice"], label,
      .element("p", [:], .text(sentence.before), .joined(list), .text(sentence.after)))
  }
}
