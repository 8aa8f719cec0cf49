import Core
import Foundation
import Plot

/// Draws a report as pictures: one tall one for a chat window, or one a page.
enum ImageReport {
  /// Pixels to a logical unit.
  static let scale = 2.0

  /// One tall picture; several when it would be higher than pictures can be.
  static func tall(of content: ReportContent) throws -> (files: [Data], warnings: [InputError]) {
    try files(of: content, style: .image)
  }

  /// A picture of every page.
  static func pages(of content: ReportContent, paper: Paper) throws -> (files: [Data], warnings: [InputError]) {
    try files(of: content, style: PageStyle(paper: paper))
  }

  private static func files(of content: ReportContent, style: PageStyle) throws -> (
    files: [Data], warnings: [InputError]
  ) {
    let (flow, warnings) = try PaperReport.flow(of: content, style: style)
    let greatest = Double(Raster.greatestSide) / scale - style.margin.top - style.margin.bottom
    let pages = PageBreaker.pages(of: flow, style: style, greatestHeight: greatest)
    let files = try pages.map { page in
      let raster = try Raster(
        width: Int((style.width * scale).rounded(.up)), height: Int((page.height * scale).rounded(.up)))
      try raster.draw(scale: scale) { context in
        raster.fill(.paper, on: context)
        PagePainter(context: context, style: style, language: content.report.frontMatter.language).draw(page)
      }
      return try raster.png()
    }
    return (files, warnings)
  }
}
