internal import CCairo
import Foundation
import Plot
import Report

/// The pixels that a report is drawn on, one band of a picture at a time.
final class Raster {
  private let surface: OpaquePointer
  private let width: Int

  /// The greatest side in pixels that Cairo supports.
  static let greatestSide = 32_000

  /// - Throws: `DrawingError` when the memory for the pixels can't be allocated.
  init(width: Int, height: Int) throws {
    guard max(width, height) <= Self.greatestSide else {
      throw DrawingError("a picture of \(width) × \(height) pixels is too large")
    }
    self.width = width
    guard let surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, Int32(width), Int32(height)),
      cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS
    else { throw DrawingError("the memory is too small for a picture of \(width) × \(height) pixels") }
    self.surface = surface
  }

  deinit {
    cairo_surface_destroy(surface)
  }

  /// Draws with a context whose user unit is the logical unit.
  /// - Parameter top: The row of the whole picture at which this band begins.
  func draw(scale: Double, top: Int = 0, _ body: (OpaquePointer) throws -> Void) throws {
    guard let context = cairo_create(surface) else { throw DrawingError("Cairo made no context for drawing") }
    defer { cairo_destroy(context) }
    cairo_translate(context, 0, -Double(top))
    cairo_scale(context, scale, scale)
    try body(context)
    let status = cairo_status(context)
    guard status == CAIRO_STATUS_SUCCESS else {
      let message = cairo_status_to_string(status).map { String(cString: $0) } ?? "status \(status.rawValue)"
      throw DrawingError("Cairo failed while drawing: \(message)")
    }
  }

  /// Fills the band with a colour.
  func fill(_ ink: Ink) throws {
    try draw(scale: 1) { context in
      let color = ink.light
      cairo_set_source_rgb(
        context, Double(color.red) / 255, Double(color.green) / 255, Double(color.blue) / 255)
      cairo_paint(context)
    }
  }

  /// Adds the first rows to a picture. Every pixel must have been painted, because transparent pixels would look too
  /// dark.
  func add(rows: Int, to picture: inout PNGEncoder) throws {
    cairo_surface_flush(surface)
    guard let pixels = cairo_image_surface_get_data(surface) else { throw DrawingError("Cairo made no pixels") }
    picture.add(pixels: pixels, height: rows, stride: Int(cairo_image_surface_get_stride(surface)))
  }
}
