import Core
import Foundation
import Plot

/// A chart that has a PNG picture of its own beside the report.
struct PictureFile: Sendable {
  /// Without its ending: `loss`.
  var name: String
  var chart: Chart
  var language: String

  /// Every chart that a report shows, in order.
  static func charts(of report: Report, numbering: ReportNumbering) -> [PictureFile] {
    report.document.codeBlocks.flatMap { code -> [PictureFile] in
      guard let cell = report.cells[code.position.line] else { return [] }
      return cell.outputs.enumerated().compactMap { index, output in
        guard case .chart(let chart) = output,
          let name = numbering.entry(line: code.position.line, output: index)?.fileName
        else { return nil }
        return PictureFile(name: name, chart: chart, language: report.frontMatter.language)
      }
    }
  }

  /// - Parameter scale: pixels to a logical unit: 2 for screens of high density.
  /// - Throws: `DrawingError` when the chart can't be drawn.
  func png(scale: Double) throws -> Data {
    let raster = try Raster(
      width: Int((chart.size.width * scale).rounded()), height: Int((chart.size.height * scale).rounded()))
    try raster.draw(scale: scale) { context in
      raster.fill(.paper, on: context)
      try chart.draw(on: context, options: DrawingOptions(language: language))
    }
    return try raster.png()
  }

  /// The address of a picture beside the page, from the name without its ending.
  static func address(_ name: String) -> String {
    let file = "\(name).png"
    return "./" + (file.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? file)
  }
}
