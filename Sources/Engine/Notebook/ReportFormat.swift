/// A format in which a report can be written.
package enum ReportFormat: String, CaseIterable, Sendable {
  /// One HTML page for the browser. It is always written, with a PNG of every chart beside it.
  case html
  /// One tall picture of the report, for a chat window.
  case png
  /// One picture for every page.
  case pages
  case pdf
  /// GitHub's Markdown, with the charts' pictures.
  case gfm

  /// The formats that are written when the front matter names none.
  package static let standard: Set<ReportFormat> = [.html, .png, .pdf]

  /// The names of the files that a format always writes.
  package var fileNames: [String] {
    switch self {
    case .html: ["index.html"]
    case .png: ["report.png"]
    case .pages: []
    case .pdf: ["report.pdf"]
    case .gfm: ["report.md"]
    }
  }

  /// Whether a file in a report's folder is one that a format writes: `report.pdf`, `report-2.png`, `page-1.png`. The
  /// charts' pictures don't count.
  package static func isReportFile(_ name: String) -> Bool {
    allCases.contains { $0.fileNames.contains(name) }
      || name.wholeMatch(of: /(?:report|page)-[1-9][0-9]*\.png/) != nil
  }
}
