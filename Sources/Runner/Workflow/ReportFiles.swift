import Engine
import Foundation
import Proof
import Report
import Wire

/// Writes a report's folder: the page, a PNG of every chart, and the report in further formats.
enum ReportFiles {
  /// The written files, with paths relative to the working directory where that is shorter.
  struct Written: Sendable {
    var page: String
    var warnings: [Diagnostic]
    /// The content of the written files, by path.
    var files: [String: Data]
  }

  /// Writes a report in the formats of its front matter, in parallel on all processors.
  ///
  /// Files that an earlier run wrote and this one doesn't are removed, because they show an older state. Files that
  /// Labbook did not write are kept and never overwritten.
  static func write(_ report: Report, for notebook: Notebook) throws -> Written {
    let place = try ReportClaim(of: notebook)
    try place.make()
    let folder = place.folder
    var report = report
    report.folder = folder
    let rendered = RenderedReport(report, formats: report.frontMatter.formats)
    try place.checkFree(rendered.files.map(\.name))
    // The summary lists Labbook's files, so it is written first: after a kill, the next run must recognise the
    // written files.
    for file in rendered.files.sorted(by: { $0.name == ReportSummary.fileName && $1.name != ReportSummary.fileName }) {
      try signed(file).writeDurably(to: folder.appendingPathComponent(file.name), replace: true)
    }
    place.removeFiles(except: Set(rendered.files.map(\.name)))
    var warnings = rendered.warnings.map { Diagnostic.warning($0.cause, at: $0.place, remedy: $0.remedy) }
    if let warning = try ReportIndex.write(into: folder.deletingLastPathComponent()) { warnings.append(warning) }
    return Written(
      page: shortened(folder.appendingPathComponent("index.html")),
      warnings: warnings,
      files: Dictionary(
        rendered.files.map { (folder.appendingPathComponent($0.name).path, signed($0)) },
        uniquingKeysWith: { _, new in new }))
  }

  /// The page with its author's signature; other files unchanged.
  private static func signed(_ file: PictureFile) -> Data {
    guard file.name == "index.html" else { return file.data }
    return Data(ReportSignature.signed(String(decoding: file.data, as: UTF8.self)).utf8)
  }

  static func shortened(_ url: URL) -> String {
    let here = FileManager.default.currentDirectoryPath + "/"
    return url.path.hasPrefix(here) ? String(url.path.dropFirst(here.count)) : url.path
  }
}
