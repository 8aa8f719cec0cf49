/// What a report can be written as.
package enum ReportFormat: String, CaseIterable, Sendable {
  /// One page for the browser; always written, with a PNG of every chart beside it.
  case html
  /// One tall picture for a chat window.
  case png
  /// A picture of every page.
  case pages
  case pdf
  /// Markdown as GitHub shows it, with the charts' pictures.
  case gfm

  /// What is written when the front matter does not say.
  package static let standard: Set<ReportFormat> = [.html, .png, .pdf]

  /// The names of the files that a format always has.
  package var fileNames: [String] {
    switch self {
    case .html: ["index.html"]
    case .png: ["report.png"]
    case .pages: []
    case .pdf: ["report.pdf"]
    case .gfm: ["report.md"]
    }
  }

  /// Whether a file of a report's folder is one of those that a format makes: `report.pdf`, `report-2.png`,
  /// `page-1.png`. The charts' pictures are none of them.
  package static func isReportFile(_ name: String) -> Bool {
    allCases.contains { $0.fileNames.contains(name) }
      || name.wholeMatch(of: /(?:report|page)-[1-9][0-9]*\.png/) != nil
  }
}
