import Engine
import Foundation
import Markup
import Report

extension RunComparison {
  /// The comparison as a report of its own with tables and charts, in the language of the newer side.
  package var report: Report {
    let labels = Self.labels(old, new)
    var matter = FrontMatter()
    matter.title = "\(labels.old) → \(labels.new)"
    if old.notebook == new.notebook { matter.title = "\(new.notebook): \(labels.old) → \(labels.new)" }
    matter.language = new.language
    matter.contents = false
    var markdown = "\(Self.line(old)) → \(Self.line(new))\n\n" + self.markdown + "\n"
    for figure in figures { markdown += "```swift {#\(figure.name)}\n```\n\n" }
    let document = Document(markdown: markdown, file: new.name)
    var cells: [Int: CellReport] = [:]
    for (block, figure) in zip(document.codeBlocks, figures) {
      var options = CellOptions()
      options.echo = false
      options.figureCaptions = [figure.name]
      cells[block.position.line] = CellReport(
        name: figure.name, source: "", sourceLine: block.contentLine, options: options,
        outputs: [.chart(figure.chart)])
    }
    var report = Report(
      frontMatter: matter, document: document, cells: cells, expressions: [:], provenance: [], seconds: 0)
    report.hasPictureFiles = false
    return report
  }

  private static func line(_ run: ComparedRun) -> String {
    let time = run.date.map { " (\(HistoryRun.time($0)))" } ?? ""
    return "`\(run.name.replacing("`", with: "'"))`\(time)"
  }
}
