import Core
import Foundation
@_spi(Drawing) import Plot

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
    let language = content.report.frontMatter.language
    var warnings: [InputError] = []
    // Set text holds fonts, which must be let go too while nobody else draws.
    var pages: [Page] = []
    defer { DrawingLock.withLock { pages = [] } }
    try DrawingLock.withLock {
      let (flow, found) = try PaperReport.flow(of: content, style: style)
      let greatest = Double(Raster.greatestSide) / scale - style.margin.top - style.margin.bottom
      pages = PageBreaker.pages(of: flow, style: style, greatestHeight: greatest)
      warnings = found
    }
    let files = try pages.indices.map { index in
      let height = pages[index].height
      let raster = try Raster(
        width: Int((style.width * scale).rounded(.up)), height: Int((height * scale).rounded(.up)))
      try DrawingLock.withLock {
        try raster.draw(scale: scale) { context in
          raster.fill(.paper, on: context)
          PagePainter(context: context, style: style, language: language).draw(pages[index])
        }
      }
      return try raster.png(scale: scale)
    }
    return (files, warnings)
  }
}
