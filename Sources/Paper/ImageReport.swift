import Basics
import Core
import Engine
import Foundation
@_spi(Drawing) import Plot
import Report

/// Draws a report as pictures: one tall picture for a chat window, or one for each page.
package enum ImageReport {
  /// Pixels per logical unit.
  package static let scale = 2.0

  /// One tall picture, or several if it would be higher than pictures can be.
  package static func tall(of content: ReportContent) throws -> (files: [Data], warnings: [InputError]) {
    try files(of: content, style: .image)
  }

  /// A picture of every page.
  package static func pages(of content: ReportContent, paper: PaperSize) throws -> (
    files: [Data], warnings: [InputError]
  ) {
    try files(of: content, style: PageStyle(paper: paper))
  }

  private static func files(of content: ReportContent, style: PageStyle) throws -> (
    files: [Data], warnings: [InputError]
  ) {
    let language = content.report.frontMatter.language
    var warnings: [InputError] = []
    // Set text has fonts, which must also be released under the drawing lock.
    var pages: [Page] = []
    defer { DrawingLock.withLock { pages = [] } }
    try DrawingLock.withLock {
      let (flow, found) = try PaperReport.flow(of: content, style: style)
      let greatest = Double(Raster.greatestSide) / scale - style.margin.top - style.margin.bottom
      pages = PageBreaker.pages(of: flow, style: style, greatestHeight: greatest)
      warnings = found
    }
    let files = try pages.map { try picture(of: $0, style: style, language: language, scale: scale) }
    return (files, warnings)
  }

  /// A page as PNG, drawn in bands: for a whole tall picture, allocating memory would take longer than drawing.
  /// - Parameter bandHeight: The least number of rows of each band but the last.
  static func picture(
    of page: Page, style: PageStyle, language: String, scale: Double, bandHeight: Int = 600
  ) throws -> Data {
    let width = Int(clamping: (page.width * scale).rounded(.up))
    let height = Int(clamping: (page.height * scale).rounded(.up))
    let bands = bands(of: page, height: height, scale: scale, least: bandHeight)
    let raster = try Raster(width: width, height: bands.map(\.count).max() ?? 1)
    var picture = PNGEncoder(width: width, scale: scale)
    for band in bands {
      try raster.fill(.paper)
      try DrawingLock.withLock {
        try raster.draw(scale: scale, top: band.lowerBound) { context in
          PagePainter(context: context, style: style, language: language)
            .draw(page, between: Double(band.lowerBound) / scale, and: Double(band.upperBound) / scale)
        }
      }
      try raster.add(rows: band.count, to: &picture)
    }
    return try picture.file()
  }

  /// The bands of a page's picture. They end where strips end, so that no chart is drawn in two parts.
  private static func bands(of page: Page, height: Int, scale: Double, least: Int) -> [Range<Int>] {
    var bands: [Range<Int>] = []
    var start = 0
    for (_, y) in page.strips {
      let row = Int(clamping: (y * scale).rounded(.down))
      guard row - start >= least, row < height else { continue }
      bands.append(start..<row)
      start = row
    }
    return bands + [start..<height]
  }
}
