import Core
import Foundation
import Plot

/// The PNG picture of one of a report's charts.
struct PictureFile: Sendable {
  /// Beside the report: `loss.png`.
  var name: String
  var data: Data

  /// Draws every chart that the report shows, in order.
  /// - Parameter scale: pixels to a logical unit: 2 for screens of high density.
  /// - Returns: the pictures, and a warning for each chart that can't be drawn.
  static func pictures(of report: Report, scale: Double = 2) -> (files: [PictureFile], warnings: [InputError]) {
    let numbering = ReportNumbering(report)
    var files: [PictureFile] = []
    var warnings: [InputError] = []
    for code in report.document.codeBlocks {
      guard let cell = report.cells[code.position.line] else { continue }
      for (index, output) in cell.outputs.enumerated() {
        guard case .chart(let chart) = output,
          let name = numbering.entry(line: code.position.line, output: index)?.fileName
        else { continue }
        do {
          let options = DrawingOptions(language: report.frontMatter.language)
          files.append(PictureFile(name: "\(name).png", data: try chart.png(scale: scale, options: options)))
        } catch {
          let (cause, remedy) =
            (error as? DrawingError).map { ($0.cause, $0.remedy) } ?? (String(describing: error), nil)
          warnings.append(
            InputError("\(name).png can't be drawn: \(cause)", at: report.document.place(code.position), remedy: remedy)
          )
        }
      }
    }
    return (files, warnings)
  }

  /// The address of a picture beside the page, from the name without its ending.
  static func address(_ name: String) -> String {
    let file = "\(name).png"
    return "./" + (file.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? file)
  }
}
