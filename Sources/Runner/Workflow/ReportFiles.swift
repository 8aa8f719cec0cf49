import Engine
import Foundation
import Report
import Synchronization
import Wire

/// A report's folder: the page, a PNG of every chart, and the report in further formats.
enum ReportFiles {
  /// What was written, relative to the working directory where that is shorter.
  struct Written: Sendable {
    var page: String
    var warnings: [Diagnostic]
    /// What was written, by path.
    var files: [String: Data]
    /// The files that the Markdown names, as it names them, whether they are there or not.
    var named: Set<String>
  }

  /// Writes a report in the formats that its front matter asks for, side by side on all processors.
  ///
  /// Files of formats that are not asked for any more are taken away: they would show an older state.
  static func write(_ report: Report, for notebook: Notebook) throws -> Written {
    let folder = ReportPlace.folder(for: notebook)
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw NotebookError("the report's folder \(folder.path) can't be made: \(error.localizedDescription)")
    }
    let read = ReportContent.reader(for: report)
    let named = Mutex<Set<String>>([])
    let rendered = RenderedReport(report, formats: report.frontMatter.formats) { path in
      named.withLock { _ = $0.insert(path) }
      return read(path)
    }
    for file in rendered.files {
      try file.data.writeDurably(to: folder.appendingPathComponent(file.name), replace: true)
    }
    let names = Set(rendered.files.map(\.name))
    let found = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    for name in found where ReportFormat.isReportFile(name) && !names.contains(name) {
      try? FileManager.default.removeItem(at: folder.appendingPathComponent(name))
    }
    let index = ReportIndex(reading: folder.deletingLastPathComponent())
    try Data(index.html.utf8).writeDurably(
      to: folder.deletingLastPathComponent().appendingPathComponent("index.html"), replace: true)
    return Written(
      page: shortened(folder.appendingPathComponent("index.html")),
      warnings: rendered.warnings.map { .warning($0.cause, at: $0.place, remedy: $0.remedy) },
      files: Dictionary(
        rendered.files.map { (folder.appendingPathComponent($0.name).path, $0.data) },
        uniquingKeysWith: { _, new in new }),
      named: named.withLock { $0 })
  }

  private static func shortened(_ url: URL) -> String {
    let here = FileManager.default.currentDirectoryPath + "/"
    return url.path.hasPrefix(here) ? String(url.path.dropFirst(here.count)) : url.path
  }
}
