import Basics
import Engine
import Foundation
import Plot
import Wire

/// Writes the index page of a `reports/` folder: a card for every report, the newest first, and a chart of the key
/// figure over the weeks.
///
/// The page depends only on the summaries of the reports.
package struct ReportIndex {
  /// A report and its folder.
  package struct Entry {
    package var folder: String
    package var summary: ReportSummary
  }

  private let entries: [Entry]
  private let words: any Words
  private let language: String

  /// - Parameter entries: The reports, in any order.
  package init(_ entries: [Entry]) {
    self.entries = entries.sorted { first, second in
      let days = (first.summary.day ?? Int.min, second.summary.day ?? Int.min)
      return days.0 != days.1 ? days.0 > days.1 : first.folder < second.folder
    }
    language = self.entries.first?.summary.language ?? "en"
    words = reportWords(for: language)
  }

  /// The reports in a folder: all subfolders with a summary.
  package init(reading folder: URL) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    self.init(
      names.compactMap { name in
        let file = folder.appendingPathComponent(name).appendingPathComponent(ReportSummary.fileName)
        guard let data = try? Data(contentsOf: file) else { return nil }
        guard var summary = ReportSummary(json: data) else { return nil }
        summary.files.removeAll {
          !FileManager.default.fileExists(atPath: file.deletingLastPathComponent().appendingPathComponent($0).path)
        }
        return Entry(folder: name, summary: summary)
      })
  }

  /// Writes the page into a folder of reports.
  /// - Returns: A warning if the folder has an index page that Labbook didn't write; that page is kept.
  package static func write(into folder: URL) throws -> Diagnostic? {
    let file = folder.appendingPathComponent("index.html")
    if let data = try? Data(contentsOf: file), data.range(of: Data(generator.utf8)) == nil, !data.isEmpty {
      return .warning(
        "Labbook did not write \(file.path) and doesn't replace it: the list of reports is not written",
        remedy: "Rename that file to get the list.")
    }
    try Data(Self(reading: folder).html.utf8).writeDurably(to: file, replace: true)
    return nil
  }

  /// The element by which Labbook recognises its own pages.
  static let generator = HTMLReport.generator.source

  // MARK: The page

  package var html: String {
    let head = HTMLReport.head(
      title: words.reports, author: nil, extra: .element("style", [:], .trusted("\n" + StyleSheet.index)))
    let body = HTML.block(
      "body", [:],
      .block("header", ["class": "title"], .element("h1", [:], .text(words.reports))),
      .block("main", ["id": "page:report"], figure, .block("ol", ["class": "cards"], .lines(entries.map(card)))))
    return "<!DOCTYPE html>\n" + HTML.block("html", ["lang": language], head, body).source + "\n"
  }

  private func card(_ entry: Entry) -> HTML {
    let summary = entry.summary
    func address(_ file: String) -> String {
      PictureFile.address(file: "\(entry.folder)/\(file)")
    }
    let figures = summary.headline.prefix(4).map { figure in
      HTML.element(
        "div", [:], .element("dt", [:], .text(figure.name)),
        .element(
          "dd", [:], .element("strong", [:], .text(figure.text)),
          figure.change.map { .text(" ") + .element("span", ["class": figure.judgement], .text($0)) } ?? .empty))
    }
    let troubles = summary.troubles.map {
      HTML.element("li", ["class": $0.name], .element("span", [:], .text($0.text)))
    }
    let files = summary.files.map { file in
      HTML.element("a", ["href": address(file), "aria-label": "\(summary.title): \(file)"], .text(Self.label(file)))
    }
    return .block(
      "li", [:],
      .block(
        "article", [:],
        .element("h2", [:], .element("a", ["href": address("index.html")], .text(summary.title))),
        summary.facts.isEmpty
          ? .empty : .element("p", ["class": "facts"], .joined(summary.facts.map { .element("span", [:], .text($0)) })),
        troubles.isEmpty ? .empty : .element("ul", ["class": "states"], .joined(troubles)),
        figures.isEmpty ? .empty : .block("dl", ["class": "headline"], .lines(Array(figures))),
        files.isEmpty ? .empty : .element("p", ["class": "files"], .joined(files))))
  }

  /// The label of a file: `PDF` for `report.pdf`.
  private static func label(_ file: String) -> String {
    URL(fileURLWithPath: file).pathExtension.uppercased()
  }

  // MARK: The key figure over the weeks

  /// The newest report's first figure in every report that has it, by day; nil when fewer than two reports have it.
  package var keyFigure: (name: String, unit: String?, format: NumberFormat, days: [Int], values: [Double])? {
    guard let name = entries.lazy.compactMap({ $0.summary.headline.first?.name }).first else { return nil }
    var points: [(day: Int, metric: RecordedMetric)] = []
    for entry in entries.reversed() {
      guard let day = entry.summary.day, points.last?.day != day,
        let metric = entry.summary.metrics.first(where: { $0.name == name }), metric.value.isFinite
      else { continue }
      points.append((day, metric))
    }
    guard let newest = points.last?.metric else { return nil }
    points.removeAll { $0.metric.unit != newest.unit }
    guard points.count > 1 else { return nil }
    return (name, newest.unit, newest.format, points.map(\.day), points.map(\.metric.value))
  }

  private var figure: HTML {
    guard let key = keyFigure else { return .empty }
    var chart = Chart.timeline(
      [Series(x: key.days.map { Double($0) * 86_400 }, y: key.values)],
      y: Axis(.words(key.name), unit: key.unit, format: key.format))
    chart.size = Size(width: 640, height: 220)
    guard let drawings = try? ChartDrawings(chart, language: language, identifier: "weeks") else { return .empty }
    return .block(
      "figure", ["class": "chart"], drawings.html,
      .element("figcaption", [:], .text(words.overTheWeeks(key.name))))
  }
}

extension ReportSummary {
  /// The last day of the report's date, in days since 1970-01-01; nil when it has no date.
  package var day: Int? { date.flatMap(CalendarDay.last)?.number }
}
