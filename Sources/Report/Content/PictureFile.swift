import Core
import Foundation
import Plot

/// The PNG picture of one of a report's charts.
package struct PictureFile: Sendable {
  /// The name of the file beside the report: `loss.png`.
  package var name: String
  package var data: Data

  package init(name: String, data: Data) {
    self.name = name
    self.data = data
  }

  /// Draws all charts of a report, in order.
  /// - Parameter scale: Pixels per logical unit; 2 for high-density screens.
  /// - Returns: The pictures, and a warning for each chart that can't be drawn.
  package static func pictures(of report: Report, scale: Double = 2) -> (files: [PictureFile], warnings: [InputError]) {
    var files: [PictureFile] = []
    var warnings: [InputError] = []
    for picture in ChartPicture.all(of: report, numbering: ReportNumbering(report)) {
      do {
        files.append(PictureFile(name: "\(picture.name).png", data: try picture.png(scale: scale)))
      } catch {
        let (cause, remedy) = (error as? DrawingError).map { ($0.cause, $0.remedy) } ?? (String(describing: error), nil)
        warnings.append(
          InputError("\(picture.name).png can't be drawn: \(cause)", at: picture.place, remedy: remedy))
      }
    }
    return (files, warnings)
  }

  /// The address of a picture beside the page, for its file name without extension.
  package static func address(_ name: String) -> String { address(file: "\(name).png") }

  /// The address of a file beside the page.
  package static func address(file: String) -> String {
    "./" + (file.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? file)
  }
}
