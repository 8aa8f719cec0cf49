import Basics
internal import CCairo
import Foundation
import Report

/// A picture's pixels, ready to be drawn.
final class Picture {
  /// A `cairo_surface_t *`.
  let surface: OpaquePointer
  let width: Int
  let height: Int

  /// Reads a PNG, JPEG, GIF, WebP or SVG picture; nil when that fails.
  /// - Parameter greatestWidth: The width in pixels above which the picture is scaled down.
  init?(_ data: Data, greatestWidth: Int = 1_400) {
    guard let pixels = PixelReader.pixels(data, greatestWidth: greatestWidth),
      // bounded: Budgets.picturePixels
      let surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, Int32(pixels.width), Int32(pixels.height)),
      cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS, let bytes = cairo_image_surface_get_data(surface)
    else { return nil }
    let stride = Int(cairo_image_surface_get_stride(surface))
    pixels.write(bytes, stride: stride)
    cairo_surface_mark_dirty(surface)
    // PDF files can contain JPEG data unchanged, but their readers don't turn it.
    if PictureData.mediaType(data) == "image/jpeg", !pixels.isChanged {
      let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: data.count)
      data.copyBytes(to: copy, count: data.count)
      cairo_surface_set_mime_data(
        surface, CAIRO_MIME_TYPE_JPEG, copy, UInt(data.count), { $0?.deallocate() }, copy)
    }
    self.surface = surface
    width = pixels.width
    height = pixels.height
  }

  deinit {
    cairo_surface_destroy(surface)
  }
}
