import Basics
internal import CCairo
import Core
import Engine
import Foundation
@_spi(Drawing) import Plot
import Report

/// Writes a report as PDF without a browser, with text as text, an outline, links and page numbers.
///
/// The same report gives the same bytes.
package enum PDFReport {
  /// - Returns: The file and its warnings.
  /// - Throws: `DrawingError` when Cairo or Pango fails.
  package static func file(
    for report: Report, paper: PaperSize = .a4, readFile: ReportContent.FileReader? = nil
  ) throws -> (data: Data, warnings: [InputError]) {
    try file(of: ReportContent(report, readFile: readFile), paper: paper)
  }

  package static func file(of content: ReportContent, paper: PaperSize) throws -> (data: Data, warnings: [InputError]) {
    try DrawingLock.withLock { try drawn(content, on: paper) }
  }

  private static func drawn(_ content: ReportContent, on paper: PaperSize) throws -> (
    data: Data, warnings: [InputError]
  ) {
    let style = PageStyle(paper: paper)
    let (flow, warnings) = try PaperReport.flow(of: content, style: style)
    let pages = PageBreaker.pages(of: flow, style: style)
    let file = CollectedBytes()
    // A point is 1/72 inch, and a logical unit 1/96.
    let scale = 0.75
    guard
      let surface = cairo_pdf_surface_create_for_stream(
        CollectedBytes.write, Unmanaged.passUnretained(file).toOpaque(), style.width * scale,
        (style.height ?? 0) * scale)
    else { throw DrawingError("Cairo made no PDF to draw on") }
    defer {
      // Cairo 1.16 crashes when it finishes a file with link targets but without pages, as after an error on the
      // first page.
      if cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS { cairo_surface_show_page(surface) }
      cairo_surface_destroy(surface)
    }
    describe(content, surface)
    guard let context = cairo_create(surface) else { throw DrawingError("Cairo made no context for drawing") }
    defer { cairo_destroy(context) }
    cairo_scale(context, scale, scale)
    let language = content.report.frontMatter.language
    let tags = PageTags(surface: surface, context: context, scale: scale, pages: pages)
    let painter = PagePainter(context: context, style: style, language: language, tags: tags)
    let running = try RunningFoot(content, style: style, count: pages.count)
    for (number, page) in pages.enumerated() {
      cairo_pdf_surface_set_size(surface, page.width * scale, page.height * scale)
      painter.draw(page)
      running.draw(number: number + 1, on: page, with: painter)
      cairo_show_page(context)
    }
    try check(cairo_status(context))
    cairo_surface_finish(surface)
    try check(cairo_surface_status(surface))
    return (file.data, warnings)
  }

  private static func describe(_ content: ReportContent, _ surface: OpaquePointer) {
    let matter = content.report.frontMatter
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, content.title.visible)
    if let author = matter.author { cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, author.visible) }
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "Labbook")
    // The time of writing would make every file different.
    let day = matter.date.flatMap(CalendarDay.init) ?? CalendarDay("2000-01-01")
    let digits = [day?.year ?? 2000, day?.month ?? 1, day?.day ?? 1].map { $0 < 10 ? "0\($0)" : String($0) }
    cairo_pdf_surface_set_metadata(
      surface, CAIRO_PDF_METADATA_CREATE_DATE, digits.joined(separator: "-") + "T00:00:00Z")
  }

  private static func check(_ status: cairo_status_t) throws {
    guard status != CAIRO_STATUS_SUCCESS else { return }
    let message = cairo_status_to_string(status).map { String(cString: $0) } ?? "status \(status.rawValue)"
    throw DrawingError("Cairo failed while writing the PDF: \(message)")
  }
}

/// The footer of every page: the report's title and the page's number.
private struct RunningFoot {
  private let title: SetText
  private let setter: TextSetter
  private let format: TextFormat
  private let style: PageStyle
  private let count: Int

  init(_ content: ReportContent, style: PageStyle, count: Int) throws {
    setter = try TextSetter(language: content.report.frontMatter.language)
    var format = TextFormat(size: 0.8 * style.fontSize)
    format.color = .muted
    format.hasTabularFigures = true
    self.format = format
    self.style = style
    self.count = count
    let title = content.title
    self.title = setter.set(StyledText(title.count > 60 ? title.prefix(60) + "…" : title), format)
  }

  func draw(number: Int, on page: Page, with painter: PagePainter) {
    let baseline = page.height - 44
    let label = setter.set(StyledText("\(number) / \(count)"), format)
    painter.set(.muted)
    // The first page has the title at its top.
    if number > 1 { title.draw(line: 0, x: style.margin.side, baseline: baseline, on: painter.context) }
    painter.set(.muted)
    label.draw(
      line: 0, x: page.width - style.margin.side - label.width, baseline: baseline, on: painter.context)
  }
}

/// Collects Cairo's output.
final class CollectedBytes {
  private(set) var data = Data()

  static let write: cairo_write_func_t = { closure, bytes, count in
    guard let closure, let bytes else { return CAIRO_STATUS_WRITE_ERROR }
    Unmanaged<CollectedBytes>.fromOpaque(closure).takeUnretainedValue().data.append(bytes, count: Int(count))
    return CAIRO_STATUS_SUCCESS
  }
}
