import Core
import Foundation
import Plot

/// A chart that has a PNG picture of its own beside the report.
package struct ChartPicture: Sendable {
  /// The file name without its extension: `loss`.
  package var name: String
  package var chart: Chart
  package var language: String
  /// The place of its cell in the notebook.
  package var place: Place

  /// Every chart that a report shows, in order.
  package static func all(of report: Report, numbering: ReportNumbering) -> [ChartPicture] {
    report.document.codeBlocks.flatMap { code -> [ChartPicture] in
      guard let cell = report.cells[code.position.line] else { return [] }
      return cell.outputs.enumerated().compactMap { index, output in
        guard case .chart(let chart) = output,
          let name = numbering.entry(line: code.position.line, output: index)?.fileName
        else { return nil }
        return ChartPicture(
          name: name, chart: chart, language: report.frontMatter.language,
          place: report.document.place(code.position))
      }
    }
  }

  /// - Parameter scale: Pixels per logical unit; 2 for high-density screens.
  /// - Throws: `DrawingError` when the chart can't be drawn.
  package func png(scale: Double) throws -> Data {
    try chart.png(scale: scale, options: DrawingOptions(language: language))
  }
}
