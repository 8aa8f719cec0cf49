import Basics
import Core
import Engine
import Foundation
import Markup
import Plot

/// A report's content prepared for its writers: targets of links, data of pictures, values of expressions.
///
/// All formats use this type, so that they agree with one another and each warning is collected once.
package struct ReportContent: Sendable {
  /// Reads a file by its path in the Markdown, relative to the notebook; nil when the file doesn't exist.
  package typealias FileReader = @Sendable (_ path: String) -> Data?

  package let report: Report
  package let words: any Words
  package let numbering: ReportNumbering
  package let formulas: Formulas
  package let readFile: FileReader
  /// Warnings for the author: missing pictures, links without a target, charts that can't be drawn.
  package private(set) var warnings: [InputError] = []
  /// The text being written: the notebook's own, or a piece of Markdown in it.
  package var scope: Scope
  private var fragmentCount = 0

  /// A text with footnotes of its own.
  package struct Scope: Sendable {
    /// The prefix of footnote names; empty for the notebook's own text.
    package var prefix = ""
    package var document: Document
    /// The number of references to each footnote so far.
    package var footnoteReferences: [Int: Int] = [:]

    package var isNotebook: Bool { prefix.isEmpty }
  }

  /// - Parameters:
  ///   - formulas: The translated formulas; nil translates the report's formulas now.
  ///   - readFile: The function that reads pictures; nil reads them from the notebook's folder.
  package init(_ report: Report, formulas: Formulas? = nil, readFile: FileReader? = nil) {
    var report = report
    let expressions = report.expressions
    report.document = report.document.filled { expression in
      if case .value(let text)? = expressions[expression.index] { text } else { nil }
    }
    self.report = report
    self.formulas = formulas ?? Formulas(of: report)
    self.readFile = readFile ?? Self.reader(for: report)
    words = reportWords(for: report.frontMatter.language)
    numbering = ReportNumbering(report)
    scope = Scope(document: report.document)
    warnOfTables()
    for picture in ChartPicture.all(of: report, numbering: numbering) {
      warnings += picture.chart.omissions.map {
        InputError("the chart \"\(picture.name)\" \($0.warning)", at: picture.place, remedy: nil)
      }
    }
  }

  /// Warns of tables that are empty or have rows that don't match their columns.
  private mutating func warnOfTables() {
    for code in report.document.codeBlocks {
      for case .table(let table) in report.cells[code.position.line]?.outputs ?? [] {
        guard let name = report.cells[code.position.line]?.name else { continue }
        for omission in table.omissions { warn("a table of the cell \"\(name)\" \(omission)", at: code.position) }
      }
    }
  }

  /// A function that reads files from the notebook's folder.
  package static func reader(for report: Report) -> FileReader {
    let reach = reach(of: report)
    return { reach.content($0, limit: Budgets.pictureBytes) }
  }

  package static func reach(of report: Report) -> FileReach {
    FileReach(
      folder: URL(fileURLWithPath: report.document.file).standardizedFileURL.deletingLastPathComponent(),
      allowed: report.frontMatter.allowedFolders)
  }

  package mutating func warn(_ cause: String, at position: SourcePosition?, remedy: String? = nil) {
    let place = scope.isNotebook ? position.map(report.document.place) : Place(file: report.document.file)
    warnings.append(InputError(cause, at: place, remedy: remedy))
  }

  package mutating func warnOfHTML(_ html: String, at position: SourcePosition) {
    let shown = html.count > 40 ? html.prefix(40) + "…" : html[...]
    warn(
      "the HTML \(shown) is shown as text", at: position,
      remedy:
        "Reports allow Markdown, and HTML tags such as <br>, <sub>, <sup>, <kbd> and <mark> without attributes.")
  }

  package mutating func warnOfDrawing(_ error: any Error, of name: String, line: Int) -> CellFailure {
    let (cause, remedy) = (error as? DrawingError).map { ($0.cause, $0.remedy) } ?? (String(describing: error), nil)
    warn("\(name) can't be drawn: \(cause)", at: SourcePosition(line: line, column: 1), remedy: remedy)
    return CellFailure(message: cause, details: remedy)
  }

  /// The report's title: that of its front matter, its first heading, or its file's name.
  package var title: String {
    report.frontMatter.title ?? numbering.headings.first.map { plainText($0.content) }
      ?? URL(fileURLWithPath: report.document.file).deletingPathExtension().lastPathComponent
  }

  /// The author, the date, the computing time of the results, and whether they were verified.
  package var facts: [String] {
    let matter = report.frontMatter
    return [
      matter.author, matter.date.map(words.date),
      report.seconds > 0 ? words.computation(words.duration(report.seconds)) : nil,
      report.verification.map { words.proof.state($0, day: words.date($0.day)) },
    ].compactMap { $0 }
  }

  /// The inputs and tools that made the results, and how the results were verified.
  package var provenance: [(label: String, value: String)] {
    guard report.metrics != nil else { return report.provenance }
    let verification = report.verification.map { words.proof.sentence($0, day: words.date($0.day)) }
    return report.provenance + [(words.proof.label, verification ?? words.proof.none)]
  }

  /// The number of levels by which headings move down because the report's title is its only first-level heading.
  package var headingShift: Int {
    report.frontMatter.title != nil && numbering.headings.contains { $0.level == 1 } ? 1 : 0
  }

  // MARK: Texts

  /// Inlines as text without markup, with values in place of expressions.
  package func plainText(_ inlines: [Inline]) -> String {
    inlines.map { inline in
      switch inline {
      case .expression(let expression):
        if case .value(let value)? = outcome(of: expression) { value } else { expression.source }
      case .formula(let formula): plainText(formula.unfilled)
      case .styled(_, let content): plainText(content)
      case .link(let link): plainText(link.content)
      default: [inline].plainText
      }
    }.joined()
  }

  /// The value of an expression, or the reason why there is none; nil for an expression that is never evaluated.
  package func outcome(of expression: InlineExpression) -> ExpressionReport? {
    scope.isNotebook ? report.expressions[expression.index] : nil
  }

  /// The inlines of a caption, which may hold Markdown. It is plain text if it would be more than one paragraph.
  package func caption(_ caption: String?) -> (document: Document, inlines: [Inline])? {
    guard let caption, !caption.isEmpty else { return nil }
    let document = Document(markdown: caption, file: report.document.file)
    guard case .paragraph(let inlines)? = document.blocks.first?.content, document.blocks.count == 1 else {
      return (Document(markdown: "", file: report.document.file), [.text(caption)])
    }
    return (document, inlines)
  }

  /// Begins a piece of Markdown that is not the notebook's own text.
  /// - Returns: The scope until now. The caller sets it as `scope` again at the end.
  package mutating func enter(_ document: Document) -> Scope {
    fragmentCount += 1
    defer { scope = Scope(prefix: "m\(fragmentCount)-", document: document) }
    return scope
  }

  // MARK: Cells

  /// A kind of problem, described in words, and the first cell in the report that has it.
  package struct Trouble {
    /// The name of the kind: `failed`, `not-run` or `stale`.
    package var name: String
    package var text: String
    package var anchor: String?
    /// Whether the problem concerns inline expressions. Only the HTML page has anchors for them.
    package var isInText = false
  }

  /// The problems in the report.
  package var troubles: [Trouble] {
    var cells: [String: [CellReport]] = [:]
    for code in report.document.codeBlocks {
      guard let cell = report.cells[code.position.line] else { continue }
      switch cell.state {
      case .fresh, .ran: break
      case .stale: cells["stale", default: []].append(cell)
      case .failed: if !cell.options.error { cells["failed", default: []].append(cell) }
      case .blocked, .left: if cell.options.evaluate { cells["not-run", default: []].append(cell) }
      }
    }
    let kinds = [("failed", words.cellsFailed), ("not-run", words.cellsNotRun), ("stale", words.cellsStale)]
    return kinds.compactMap { name, say in
      guard let found = cells[name] else { return nil }
      let anchors = found.compactMap { numbering.anchor(cell: $0.name) }
      return Trouble(name: name, text: say(found.count), anchor: anchors.first)
    } + textTrouble
  }

  /// The anchor of the first failed expression.
  package static let failedExpressionAnchor = "failed-in-text"

  /// The index of the first failed expression.
  package var firstFailedExpression: Int? {
    report.expressions.filter { if case .failed = $0.value { true } else { false } }.keys.min()
  }

  private var textTrouble: [Trouble] {
    let count = report.expressions.values.count { if case .failed = $0 { true } else { false } }
    return count == 0
      ? [] : [Trouble(name: "failed", text: words.textsFailed(count), isInText: true)]
  }

  /// The chart in one of a cell's outputs, with the caption and alternative text of its author.
  package func chart(_ chart: Chart, of cell: CellReport, output index: Int) -> Chart {
    let order = cell.outputs[..<index].count { if case .chart = $0 { true } else { false } }
    let alternatives = cell.options.figureAlternatives
    guard alternatives.indices.contains(order), !alternatives[order].isEmpty else { return chart }
    var chart = chart
    chart.summary = [.words(alternatives[order])]
    return chart
  }
}
