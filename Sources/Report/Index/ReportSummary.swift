import Foundation
import Wire

/// The summary of a report for lists of reports: `report.json` beside its page.
package struct ReportSummary: Codable, Hashable, Sendable {
  /// A figure in the report's head.
  package struct Figure: Codable, Hashable, Sendable {
    package var name: String
    package var text: String
    /// The change since the previous report, in words; nil without a previous value.
    package var change: String?
    /// The judgement of the change: `better`, `worse`, `same` or `none`.
    package var judgement: String
  }

  package struct Trouble: Codable, Hashable, Sendable {
    /// The kind of problem: `failed`, `not-run` or `stale`.
    package var name: String
    package var text: String
  }

  /// The version of the file format.
  package var version = 1
  package var title: String
  package var author: String?
  /// The date in the front matter, as written.
  package var date: String?
  package var language: String
  /// The author, the date, the computing time and the verification, in words.
  package var facts: [String]
  package var troubles: [Trouble]
  package var headline: [Figure]
  /// The figures that cells recorded.
  package var metrics: [RecordedMetric]
  /// The names of the report's files in other formats.
  package var files: [String]
  /// The path of the notebook from the report's folder; nil in reports of earlier versions.
  package var notebook: String?
  /// The files that were written into the report's folder; nil in reports of earlier versions. Only these files are
  /// ever deleted.
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
    // Encoding can't fail: the values are texts and numbers that JSON can express.
    return ((try? encoder.encode(self)) ?? Data()) + Data("\n".utf8)
  }

  /// - Returns: nil for data that is not a summary in a format that this version reads.
  package init?(json: Data) {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    guard let summary = try? decoder.decode(ReportSummary.self, from: json), summary.version == 1 else { return nil }
    self = summary
  }
}
