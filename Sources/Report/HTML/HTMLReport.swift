import Basics
import Core
import Engine
import Foundation
import Plot

/// Writes a report as one HTML page that needs no network and no script.
///
/// The page is a pure function of the report and its pictures: the same report gives the same bytes. No code runs in
/// the page, whatever the text or a cell's output contains: text is escaped, unsafe links are dropped, and the
/// content security policy allows only the page's own style and pictures.
///
/// ```
/// let page = HTMLReport.page(for: report)
/// for warning in page.warnings { print(warning) }
/// try page.html.write(toFile: "index.html", atomically: true, encoding: .utf8)
/// ```
package struct HTMLReport {
  /// The additions to a page that is shown while its notebook is edited.
  package struct PageFrame: Sendable {
    /// The content security policy, in place of a report's.
    package var policy: String
    /// Markup for the end of the page's head.
    package var head: HTML
    /// Markup above the report.
    package var bar: HTML

    package init(policy: String, head: HTML, bar: HTML) {
      self.policy = policy
      self.head = head
      self.bar = bar
    }
  }

  package var content: ReportContent
  /// The outlines of the charts' letters, shared by all charts.
  package let glyphs = SharedGlyphs()

  /// The additions to a page that is shown while its notebook is edited; nil for a report.
  package var frame: PageFrame?
  package var report: Report { content.report }
  package var words: any Words { content.words }
  package var numbering: ReportNumbering { content.numbering }

  /// The whole page, and its warnings.
  /// - Parameters:
  ///   - readFile: The function that reads pictures; nil reads them from the notebook's folder.
  ///   - frame: The additions to a page that is shown while its notebook is edited; nil for a report.
  package static func page(
    for report: Report, readFile: ReportContent.FileReader? = nil, frame: PageFrame? = nil
  ) -> (html: String, warnings: [InputError]) {
    page(of: ReportContent(report, readFile: readFile), frame: frame)
  }

  package static func page(
    of content: ReportContent, frame: PageFrame? = nil
  ) -> (html: String, warnings: [InputError]) {
    var writer = HTMLReport(content: content, frame: frame)
    let html = writer.page()
    return (html, content.formulas.warnings + writer.content.warnings)
  }

  // MARK: Frame

  /// The content security policy: the page may use only its own style and the pictures inside it.
  package static let contentSecurityPolicy =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

  /// The `meta` element by which Labbook recognises its own pages.
  static let generator = HTML.void("meta", ["name": "generator", "content": "Labbook"])

  /// A page's head.
  package static func head(
    title: String, author: String?, policy: String = contentSecurityPolicy, extra: HTML = .empty
  ) -> HTML {
    .block(
      "head", [:],
      .void("meta", ["charset": "utf-8"]),
      .void("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
      .void("meta", ["http-equiv": "Content-Security-Policy", "content": policy]),
      .void("meta", ["name": "color-scheme", "content": "light dark"]),
      Self.generator,
      author.map { .void("meta", ["name": "author", "content": $0]) } ?? .empty,
      .element("title", [:], .text(title)),
      .element("style", [:], .trusted("\n" + StyleSheet.page)), extra)
  }

  private mutating func page() -> String {
    let text = blocks(report.document.blocks) + footnotes()
    let head = Self.head(
      title: content.title, author: report.frontMatter.author, policy: frame?.policy ?? Self.contentSecurityPolicy,
      extra: frame?.head ?? .empty)
    let body = HTML.block(
      "body", [:], frame?.bar ?? .empty,
      .element("a", ["class": "skip", "href": "#page:report"], .text(words.skipToReport)),
      titleBlock(), contents(), .block("main", ["id": "page:report"], text), foot(), .trusted(glyphs.svg),
      report.attachments.html)
    return "<!DOCTYPE html>\n" + HTML.block("html", ["lang": report.frontMatter.language], head, body).source + "\n"
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

  /// The figures of the report's head.
  private func headline() -> HTML {
    let figures = report.headline.compactMap { change -> HTML? in
      guard let new = change.newText else { return nil }
      var parts = [HTML.element("strong", [:], .text(new))]
      if let text = words.proof.change(change) {
        parts.append(.text(" "))
        parts.append(.element("span", ["class": change.judgement.rawValue], .text(text)))
      }
      return .element("div", [:], .element("dt", [:], .text(change.name)), .element("dd", [:], .joined(parts)))
    }
    return figures.isEmpty ? .empty : .block("dl", ["class": "headline"], .lines(figures))
  }

  /// The problems in the report, each with a link to the first cell that has it.
  private func states() -> HTML {
    let parts = content.troubles.map { trouble in
      let anchor = trouble.isInText ? ReportContent.failedExpressionAnchor : trouble.anchor
      return HTML.element(
        "li", ["class": trouble.name], .element("a", ["href": anchor.map { "#\($0)" }], .text(trouble.text)))
    }
    return parts.isEmpty ? .empty : .element("ul", ["class": "states"], .joined(parts))
  }

  private mutating func contents() -> HTML {
    guard report.frontMatter.contents, numbering.headings.count > 2,
      let top = numbering.headings.map(\.level).min()
    else { return .empty }
    let headings = numbering.headings.filter { $0.level < top + 3 }
    return .block(
      "nav", ["class": "contents", "aria-labelledby": "page:contents"],
      .element("h2", ["id": "page:contents"], .text(words.contents)), contentsList(headings[...], level: top))
  }

  private func contentsList(_ headings: ArraySlice<ReportNumbering.Heading>, level: Int) -> HTML {
    var items: [HTML] = []
    var rest = headings
    while let heading = rest.popFirst() {
      let below = rest.prefix { $0.level > max(heading.level, level) }
      rest = rest.dropFirst(below.count)
      items.append(
        .element(
          "li", [:], .element("a", ["href": "#\(heading.anchor)"], .text(content.plainText(heading.content))),
          below.isEmpty ? .empty : contentsList(below, level: below.map(\.level).min() ?? level + 1)))
    }
    return .element("ol", [:], .joined(items))
  }

  private func foot() -> HTML {
    guard !report.provenance.isEmpty else { return .empty }
    let facts = content.provenance.flatMap {
      [HTML.element("dt", [:], .text($0.label)), .element("dd", [:], .text($0.value))]
    }
    return .block(
      "footer", [:],
      .block(
        "details", ["class": "provenance"], .element("summary", [:], .text(words.provenance)),
        .block("dl", [:], .lines(facts))))
  }
}
