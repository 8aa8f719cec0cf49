internal import CCairo
import Foundation

/// A Cairo surface that writes to memory.
final class CairoSurface {
  private let surface: OpaquePointer
  private let output = Output()

  /// Collects Cairo's output.
  private final class Output {
    var data = Data()

    static let write: cairo_write_func_t = { closure, bytes, count in
      guard let closure, let bytes else { return CAIRO_STATUS_WRITE_ERROR }
      Unmanaged<Output>.fromOpaque(closure).takeUnretainedValue().data.append(bytes, count: Int(count))
      return CAIRO_STATUS_SUCCESS
    }
  }

  /// A surface of pixels.
  init(width: Int, height: Int, isTransparent: Bool = false) throws {
    surface = cairo_image_surface_create(
      isTransparent ? CAIRO_FORMAT_ARGB32 : CAIRO_FORMAT_RGB24, Int32(width), Int32(height))
    try CairoError.check(cairo_surface_status(surface), "making a picture of \(width) × \(height) pixels")
  }

  /// A PDF page; a logical unit is 1/96 inch, Cairo's is 1/72.
  init(pdfOf size: Size) throws {
    surface = cairo_pdf_surface_create_for_stream(
      Output.write, Unmanaged.passUnretained(output).toOpaque(), size.width * 0.75, size.height * 0.75)
    // A fixed date makes equal files for equal charts.
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "2000-01-01T00:00:00Z")
    try CairoError.check(cairo_surface_status(surface), "making a PDF")
  }

  deinit {
    // A PDF surface writes the end of the file now, unless it was finished before.
    cairo_surface_finish(surface)
    cairo_surface_destroy(surface)
  }

  func setTitle(_ title: String) {
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title)
  }

  /// Draws with a context whose user unit is the logical unit.
  func draw(scale: Double, _ body: (OpaquePointer) throws -> Void) throws {
    guard let context = cairo_create(surface) else { throw DrawingError("Cairo made no context for drawing") }
    defer { cairo_destroy(context) }
    cairo_scale(context, scale, scale)
    try body(context)
  }

  /// - Parameter scale: Pixels per logical unit.
  func png(scale: Double) throws -> Data {
    cairo_surface_flush(surface)
    try CairoError.check(cairo_surface_status(surface), "drawing a picture")
    guard let pixels = cairo_image_surface_get_data(surface) else {
      throw DrawingError("Cairo made no pixels for a PNG")
    }
    var encoder = PNGEncoder(width: Int(cairo_image_surface_get_width(surface)), scale: scale)
    encoder.add(
      pixels: pixels, height: Int(cairo_image_surface_get_height(surface)),
      stride: Int(cairo_image_surface_get_stride(surface)))
    return try encoder.file()
  }

  /// A PNG with transparency, which ``png(scale:)`` doesn't write.
  func transparentPNG() throws -> Data {
    cairo_surface_flush(surface)
    let status = cairo_surface_write_to_png_stream(
      surface, Output.write, Unmanaged.passUnretained(output).toOpaque())
    try CairoError.check(status, "writing a PNG")
    return output.data
  }

  func pdf() throws -> Data {
    cairo_surface_finish(surface)
    try CairoError.check(cairo_surface_status(surface), "writing a PDF")
    return output.data
  }
}
