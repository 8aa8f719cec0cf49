import Core
import Foundation
import Plot

/// Writes a report as one HTML page that needs no network and no script.
///
/// The page is a function of the report and the pictures that its Markdown names: same report, same bytes. Whatever the text
/// or a cell's output holds, nothing in the page runs: text is escaped, links that would run something are dropped, and the
/// page's content security policy forbids all but its own style and pictures.
///
/// ```
/// let page = HTMLReport.page(for: report)
/// for warning in page.warnings { print(warning) }
/// try page.html.write(toFile: "index.html", atomically: true, encoding: .utf8)
/// ```
struct HTMLReport {
  /// Reads a file that the Markdown names, by its path relative to the notebook; nil when there is none.
  typealias FileReader = (_ path: String) -> Data?

  let report: Report
  let words: any Words
  let numbering: ReportNumbering
  let readFile: FileReader
  /// What a page carries that is shown while its notebook is worked on; nil for a report.
  let preview: PreviewPage?
  /// What the author should know: pictures that are missing, links that lead nowhere, charts that can't be drawn.
  var warnings: [InputError] = []
  /// The text being written: the notebook's, or a piece of Markdown inside it.
  var scope: Scope

  /// A text with footnotes of its own.
  struct Scope {
    /// Goes before the ids of footnotes; empty for the notebook.
    var prefix = ""
    var document: Document
    /// How often each footnote was referred to.
    var footnoteReferences: [Int: Int] = [:]

    var isNotebook: Bool { prefix.isEmpty }
  }

  /// How many pieces of Markdown have been written inside the notebook.
  var fragmentCount = 0

  private init(_ report: Report, readFile: @escaping FileReader, preview: PreviewPage?) {
    self.report = report
    self.readFile = readFile
    self.preview = preview
    words = Runner.words(for: report.frontMatter.language)
    numbering = ReportNumbering(report)
    scope = Scope(document: report.document)
  }

  /// The whole page, and what is amiss in it.
  /// - Parameters:
  ///   - readFile: reads pictures; nil reads them from the notebook's folder.
  ///   - preview: what a page carries that changes in place.
  static func page(
    for report: Report, readFile: FileReader? = nil, preview: PreviewPage? = nil
  ) -> (html: String, warnings: [InputError]) {
    let folder = URL(fileURLWithPath: report.document.file).deletingLastPathComponent()
    var writer = HTMLReport(
      report, readFile: readFile ?? { try? Data(contentsOf: URL(fileURLWithPath: $0, relativeTo: folder)) },
      preview: preview)
    let html = writer.page()
    return (html, writer.warnings)
  }

  mutating func warn(_ cause: String, at position: SourcePosition?, remedy: String? = nil) {
    let place = scope.isNotebook ? position.map(report.document.place) : Place(file: report.document.file)
    warnings.append(InputError(cause, at: place, remedy: remedy))
  }

  // MARK: Frame

  /// What the page may load: its own style, and pictures that stand in it.
  static let contentSecurityPolicy =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

  private mutating func page() -> String {
    let policy = preview?.policy ?? Self.contentSecurityPolicy
    let text = blocks(report.document.blocks) + footnotes()
    let head = HTML.block(
      "head", [:],
      .void("meta", ["charset": "utf-8"]),
      .void("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
      .void("meta", ["http-equiv": "Content-Security-Policy", "content": policy]),
      .void("meta", ["name": "color-scheme", "content": "light dark"]),
      .void("meta", ["name": "generator", "content": "Labbook"]),
      report.frontMatter.author.map { .void("meta", ["name": "author", "content": $0]) } ?? .empty,
      .element("title", [:], .text(title)),
      .element("style", [:], .trusted("\n" + StyleSheet.page)), preview?.head ?? .empty)
    let body = HTML.block(
      "body", [:], preview?.bar ?? .empty,
      .element("a", ["class": "skip", "href": "#report"], .text(words.skipToReport)),
      titleBlock(), contents(), .block("main", ["id": "report"], text), foot(), report.archive?.html ?? .empty)
    return "<!DOCTYPE html>\n" + HTML.block("html", ["lang": report.frontMatter.language], head, body).source + "\n"
  }

  private var title: String {
    report.frontMatter.title ?? numbering.headings.first?.content.plainText
      ?? URL(fileURLWithPath: report.document.file).deletingPathExtension().lastPathComponent
  }

  private mutating func titleBlock() -> HTML {
    let matter = report.frontMatter
    let facts: [HTML] = [
      matter.author.map { .element("span", ["class": "author"], .text($0)) },
      matter.date.map { date in
        .element("time", ["datetime": CalendarDay(date) == nil ? nil : date], .text(words.date(date)))
      },
      report.seconds > 0 ? .element("span", [:], .text(words.computation(words.duration(report.seconds)))) : nil,
      report.verification.map { .element("span", [:], .text(words.proof.state($0, day: words.date($0.day)))) },
    ].compactMap { $0 }
    let heading = matter.title.map { HTML.element("h1", [:], .text($0)) } ?? .empty
    guard !heading.isEmpty || !facts.isEmpty || !states().isEmpty else { return .empty }
    return .block(
      "header", ["class": "title"], heading,
      facts.isEmpty ? .empty : .element("p", ["class": "facts"], .joined(facts)), headline(), states())
  }

  /// The figures that the head answers with.
  private func headline() -> HTML {
    let figures = report.headline.compactMap { change -> HTML? in
      guard let new = change.newText else { return nil }
      var parts = [HTML.element("strong", [:], .text(new))]
      if let old = change.oldText, let difference = change.differenceText {
        parts.append(.text(" "))
        parts.append(
          .element(
            "span", ["class": change.judgement.rawValue],
            .text(words.proof.change(difference, change.judgement, from: old))))
      }
      return .element("div", [:], .element("dt", [:], .text(change.name)), .element("dd", [:], .joined(parts)))
    }
    return figures.isEmpty ? .empty : .block("dl", ["class": "headline"], .lines(figures))
  }

  /// What is not well, with a link to the first cell of each kind.
  private func states() -> HTML {
    var failed: [CellReport] = []
    var notRun: [CellReport] = []
    var stale: [CellReport] = []
    for code in report.document.codeBlocks {
      guard let cell = report.cells[code.position.line] else { continue }
      switch cell.state {
      case .succeeded: break
      case .stale: stale.append(cell)
      case .failed: if !cell.options.error { failed.append(cell) }
      case .notRun: if cell.options.evaluate { notRun.append(cell) }
      }
    }
    let parts = [
      ("failed", failed, words.cellsFailed), ("not-run", notRun, words.cellsNotRun), ("stale", stale, words.cellsStale),
    ].compactMap { name, cells, say -> HTML? in
      guard let first = cells.first else { return nil }
      let anchor = numbering.anchor(cell: first.name).map { "#\($0)" }
      return .element("li", ["class": name], .element("a", ["href": anchor], .text(say(cells.count))))
    }
    return parts.isEmpty ? .empty : .element("ul", ["class": "states"], .joined(parts))
  }

  private mutating func contents() -> HTML {
    guard report.frontMatter.contents, numbering.headings.count > 2,
      let top = numbering.headings.map(\.level).min()
    else { return .empty }
    let headings = numbering.headings.filter { $0.level < top + 3 }
    return .block(
      "nav", ["class": "contents", "aria-labelledby": "contents"],
      .element("h2", ["id": "contents"], .text(words.contents)), contentsList(headings[...], level: top))
  }

  private func contentsList(_ headings: ArraySlice<ReportNumbering.Heading>, level: Int) -> HTML {
    var items: [HTML] = []
    var rest = headings
    while let heading = rest.popFirst() {
      let below = rest.prefix { $0.level > max(heading.level, level) }
      rest = rest.dropFirst(below.count)
      items.append(
        .element(
          "li", [:], .element("a", ["href": "#\(heading.anchor)"], .text(plainText(heading.content))),
          below.isEmpty ? .empty : contentsList(below, level: below.map(\.level).min() ?? level + 1)))
    }
    return .element("ol", [:], .joined(items))
  }

  private func foot() -> HTML {
    guard !report.provenance.isEmpty else { return .empty }
    let verification = report.verification.map { words.proof.sentence($0, day: words.date($0.day)) }
    let proof = report.lock.map { _ in (words.proof.label, verification ?? words.proof.none) }
    let facts = (report.provenance + (proof.map { [$0] } ?? [])).flatMap {
      [HTML.element("dt", [:], .text($0.0)), .element("dd", [:], .text($0.1))]
    }
    return .block(
      "footer", [:],
      .block(
        "details", ["class": "provenance"], .element("summary", [:], .text(words.provenance)),
        .block("dl", [:], .lines(facts))))
  }
}
