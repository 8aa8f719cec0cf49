import Basics
import Engine
import Foundation
import Markup

/// Cells as lines of Markdown.
extension GFMReport {
  /// - Parameter line: The line of the cell's opening fence.
  package mutating func cell(_ cell: CellReport, line: Int) -> [String] {
    var parts: [[String]] = []
    for piece in content.parts(of: cell) {
      switch piece {
      case .source:
        let facts = [words.code, cell.name] + (cell.seconds.map { [words.duration($0)] } ?? [])
        parts.append(
          Self.folded(
            facts.joined(separator: " · "), MarkdownText.fenced(PrintedText.lines(cell.source), language: "swift")))
      case .stale:
        parts.append(
          Self.alert("WARNING", ["<strong>\(words.stale)</strong> \(MarkdownText.escaped(words.staleExplanation))"]))
      case .pinned(let text): parts.append(Self.alert("NOTE", [MarkdownText.escaped(text)]))
      case .output(let index): parts.append(output(of: cell, line: line, index: index))
      case .failure(let failure): parts.append(self.failure(failure, isExpected: cell.options.error))
      case .notRun(let needs): parts.append(notRun(needs))
      }
    }
    parts.removeAll(where: \.isEmpty)
    guard !parts.isEmpty else { return [] }
    if let anchor = content.numbering.anchor(cell: cell.name) { parts.insert([Self.place(anchor)], at: 0) }
    return Array(parts.joined(separator: [""]))
  }

  private mutating func output(of cell: CellReport, line: Int, index: Int) -> [String] {
    switch cell.outputs[index] {
    case .printed(let text): return printed(text, label: nil)
    case .printedError(let text): return printed(text, label: words.standardError)
    case .chart(let chart):
      guard let entry = content.numbering.entry(line: line, output: index), let name = entry.fileName else { return [] }
      let description = content.chart(chart, of: cell, output: index).description(
        language: content.report.frontMatter.language)
      // Markdown's own syntax can't set a picture's width, and the file has twice the chart's pixels.
      let picture = HTML.void(
        "img",
        [
          "src": PictureFile.address(name), "width": String(Int(clamping: chart.size.width.rounded())),
          "alt": description.split(whereSeparator: \.isNewline).joined(separator: " "),
        ])
      return [Self.place(entry.anchor), "", picture.source, "", caption(entry)]
    case .table(let table):
      guard let entry = content.numbering.entry(line: line, output: index) else { return [] }
      let lines = table.markdown().split(separator: "\n").map(String.init)
      let none = table.rows.isEmpty && !table.columns.isEmpty ? ["| \(words.noRows) |"] : []
      return [Self.place(entry.anchor), "", caption(entry), ""] + lines + none
    case .markdown(let markdown):
      let document = Document(markdown: markdown, file: content.report.document.file)
      return within(document) { writer in
        let parts = [writer.blocks(document.blocks), writer.notes()]
        return Array(parts.filter { !$0.isEmpty }.joined(separator: [""]))
      }
    }
  }

  private func printed(_ text: String, label: String?) -> [String] {
    let printed = PrintedText(text)
    guard !printed.shown.isEmpty else { return [] }
    var lines = label.map { ["<strong>\(MarkdownText.escaped($0))</strong>", ""] } ?? []
    lines += MarkdownText.fenced(printed.shown, language: "text")
    guard !printed.folded.isEmpty else { return lines }
    var rest = printed.folded
    if printed.leftOut > 0 { rest.insert("… \(words.linesLeftOut(printed.leftOut))", at: printed.foldedBeforeGap) }
    let count = printed.folded.count + printed.leftOut
    return lines + [""] + Self.folded(words.moreLines(count), MarkdownText.fenced(rest, language: "text"))
  }

  private func failure(_ failure: CellFailure, isExpected: Bool) -> [String] {
    var lines = ["<strong>\(isExpected ? words.failedAsExpected : words.failed)</strong>", ""]
    lines.append(MarkdownText.escaped(failure.message, startsLine: true))
    if let place = failure.place { lines += ["", MarkdownText.code(place.description)] }
    if let details = failure.details {
      lines += [""] + MarkdownText.fenced(PrintedText.lines(details), language: "text")
    }
    return Self.alert(isExpected ? "NOTE" : "CAUTION", lines)
  }

  private func notRun(_ needs: [String]) -> [String] {
    var lines = ["<strong>\(words.notRun)</strong>"]
    if !needs.isEmpty {
      let sentence = words.notRunBecause(count: needs.count)
      let names = needs.map { name in
        let code = MarkdownText.code(name)
        return content.numbering.anchor(cell: name).map { "[\(code)](#\(MarkdownText.address($0)))" } ?? code
      }
      lines += ["", sentence.before + names.joined(separator: sentence.separator) + sentence.after]
    }
    return Self.alert("WARNING", lines)
  }
}
