import Foundation
import Wire

/// What a report says of itself to those who list reports: `report.json` beside its page.
package struct ReportSummary: Codable, Hashable, Sendable {
  /// A figure of the head.
  package struct Figure: Codable, Hashable, Sendable {
    package var name: String
    package var text: String
    /// How it differs from the report before, in words; nil where there is nothing to compare.
    package var change: String?
    /// `better`, `worse`, `same` or `none`.
    package var judgement: String
  }

  package struct Trouble: Codable, Hashable, Sendable {
    /// `failed`, `not-run` or `stale`.
    package var name: String
    package var text: String
  }

  /// Of the file's own form.
  package var version = 1
  package var title: String
  package var author: String?
  /// As the front matter has it.
  package var date: String?
  package var language: String
  /// Author, date, time of computation and verification in words.
  package var facts: [String]
  package var troubles: [Trouble]
  package var headline: [Figure]
  /// All figures that cells recorded.
  package var metrics: [RecordedMetric]
  /// The files of the report in other formats.
  package var files: [String]
  /// The notebook, as a path from the report's folder; nil in reports of earlier versions.
  package var notebook: String?
  /// Every file that was written into the report's folder; nil in reports of earlier versions. Only these are ever
  /// taken away.
  package var written: [String]?

  package init(_ content: ReportContent, files: [String], written: [String]) {
    let report = content.report
    title = content.title
    author = report.frontMatter.author
    date = report.frontMatter.date
    language = report.frontMatter.language
    facts = content.facts
    troubles = content.troubles.map { Trouble(name: $0.name, text: $0.text) }
    headline = report.headline.compactMap { figure in
      guard let text = figure.newText else { return nil }
      return Figure(
        name: figure.name, text: text, change: content.words.proof.change(figure), judgement: figure.judgement.rawValue)
    }
    metrics = report.metrics ?? report.headline.compactMap(\.new)
    self.files = files
    notebook = report.folder.map { URL(fileURLWithPath: report.document.file).relativePath(from: $0) }
    self.written = (written + [Self.fileName]).sorted()
  }

  package static let fileName = "report.json"

  package var json: Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    // Texts and finite or named numbers always encode.
    return ((try? encoder.encode(self)) ?? Data()) + Data("\n".utf8)
  }

  /// - Returns: nil for what is no summary of a form that this version knows.
  package init?(json: Data) {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    guard let summary = try? decoder.decode(ReportSummary.self, from: json), summary.version == 1 else { return nil }
    self = summary
  }
}
