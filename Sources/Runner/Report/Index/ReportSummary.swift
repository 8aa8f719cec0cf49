@_spi(Runner) import Cell
import Foundation

/// What a report says of itself to those who list reports: `report.json` beside its page.
struct ReportSummary: Codable, Hashable, Sendable {
  /// A figure of the head.
  struct Figure: Codable, Hashable, Sendable {
    var name: String
    var text: String
    /// How it differs from the report before, in words; nil where there is nothing to compare.
    var change: String?
    /// `better`, `worse`, `same` or `none`.
    var judgement: String
  }

  struct Trouble: Codable, Hashable, Sendable {
    /// `failed`, `not-run` or `stale`.
    var name: String
    var text: String
  }

  /// Of the file's own form.
  var version = 1
  var title: String
  var author: String?
  /// As the front matter has it.
  var date: String?
  var language: String
  /// Author, date, time of computation and verification in words.
  var facts: [String]
  var troubles: [Trouble]
  var headline: [Figure]
  /// All figures that cells recorded.
  var metrics: [RecordedMetric]
  /// The files of the report in other formats.
  var files: [String]
  /// The notebook, as a path from the report's folder; nil in reports of earlier versions.
  var notebook: String?
  /// Every file that was written into the report's folder; nil in reports of earlier versions. Only these are ever taken away.
  var written: [String]?

  init(_ content: ReportContent, files: [String], written: [String]) {
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
    metrics = report.lock?.metrics ?? report.headline.compactMap(\.new)
    self.files = files
    notebook = report.folder.map { URL(fileURLWithPath: report.document.file).relativePath(from: $0) }
    self.written = (written + [Self.fileName]).sorted()
  }

  static let fileName = "report.json"

  var json: Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    // Texts and finite or named numbers always encode.
    return ((try? encoder.encode(self)) ?? Data()) + Data("\n".utf8)
  }

  /// - Returns: nil for what is no summary of a form that this version knows.
  init?(json: Data) {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    guard let summary = try? decoder.decode(ReportSummary.self, from: json), summary.version == 1 else { return nil }
    self = summary
  }
}
