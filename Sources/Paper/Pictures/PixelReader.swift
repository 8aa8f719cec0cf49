import Basics
internal import CPixbuf
import Foundation
import Report

/// Reads pictures with GdkPixbuf.
enum PixelReader {
  /// Pixels row by row, in the library's format.
  struct Pixels {
    var bytes: [UInt8]
    var width: Int
    var height: Int
    var stride: Int
    var channels: Int
    /// Whether the picture was turned or scaled down.
    var isChanged: Bool

    /// Writes the pixels in Cairo's format: blue, green, red, opacity, with the colours multiplied by the opacity.
    func write(_ target: UnsafeMutablePointer<UInt8>, stride targetStride: Int) {
      bytes.withUnsafeBufferPointer { source in
        for row in 0..<height {
          var (from, to) = (row * stride, row * targetStride)
          for _ in 0..<width {
            let opacity = channels == 4 ? Int(source[from + 3]) : 255
            for channel in 0..<3 {
              target[to + 2 - channel] = UInt8((Int(source[from + channel]) * opacity + 127) / 255)
            }
            target[to + 3] = UInt8(opacity)
            from += channels
            to += 4
          }
        }
      }
    }
  }

  /// - Returns: The pixels; nil also for a picture with more pixels than the budget, which isn't decoded, and for an
  ///   SVG drawing that takes longer than the budget.
  static func pixels(_ data: Data, greatestWidth: Int) -> Pixels? {
    guard data.count <= Budgets.pictureBytes else { return nil }
    // A drawing of a few bytes may take hours, so another process draws it and can be killed.
    if PictureData.mediaType(data) == "image/svg+xml" {
      return DrawingProcess.pixels(data, greatestWidth: greatestWidth)
    }
    return decoded(data, greatestWidth: greatestWidth)
  }

  static func decoded(_ data: Data, greatestWidth: Int) -> Pixels? {
    guard let loader = gdk_pixbuf_loader_new() else { return nil }
    defer { g_object_unref(loader) }
    let isRefused = UnsafeMutablePointer<Bool>.allocate(capacity: 1)
    isRefused.initialize(to: false)
    defer { isRefused.deallocate() }
    // This is called when the size is known and before memory for the pixels is allocated. Setting the size 0 stops
    // reading, except for SVG drawings, which then become one pixel.
    let refuse: @convention(c) (OpaquePointer, Int32, Int32, gpointer?) -> Void = { loader, width, height, data in
      let pixels = Int(width).multipliedReportingOverflow(by: Int(height))
      if pixels.overflow || pixels.partialValue > Budgets.picturePixels || width < 1 || height < 1 {
        gdk_pixbuf_loader_set_size(UnsafeMutablePointer(loader), 0, 0)
        data?.assumingMemoryBound(to: Bool.self).pointee = true
      }
    }
    g_signal_connect_data(
      loader, "size-prepared", unsafeBitCast(refuse, to: GCallback.self), isRefused, nil,
      GConnectFlags(rawValue: 0))
    let isRead = data.withUnsafeBytes { bytes in
      gdk_pixbuf_loader_write(loader, bytes.bindMemory(to: UInt8.self).baseAddress, gsize(bytes.count), nil) != 0
    }
    guard gdk_pixbuf_loader_close(loader, nil) != 0, isRead, !isRefused.pointee,
      let read = gdk_pixbuf_loader_get_pixbuf(loader)
    else {
      return nil
    }
    // Photographs contain their orientation.
    guard let oriented = gdk_pixbuf_apply_embedded_orientation(read) else { return nil }
    defer { g_object_unref(UnsafeMutableRawPointer(oriented)) }
    let (width, height) = (Int(gdk_pixbuf_get_width(oriented)), Int(gdk_pixbuf_get_height(oriented)))
    let isScaled = width > greatestWidth
    let scaled =
      isScaled
      ? gdk_pixbuf_scale_simple(
        oriented, Int32(greatestWidth), Int32(max(1, height * greatestWidth / width)), GDK_INTERP_BILINEAR) : nil
    defer { scaled.map { g_object_unref(UnsafeMutableRawPointer($0)) } }
    let buffer = scaled ?? oriented
    guard let pixels = gdk_pixbuf_read_pixels(buffer) else { return nil }
    let length = Int(gdk_pixbuf_get_byte_length(buffer))
    return Pixels(
      bytes: Array(UnsafeBufferPointer(start: pixels, count: length)), width: Int(gdk_pixbuf_get_width(buffer)),
      height: Int(gdk_pixbuf_get_height(buffer)), stride: Int(gdk_pixbuf_get_rowstride(buffer)),
      channels: Int(gdk_pixbuf_get_n_channels(buffer)), isChanged: isScaled || oriented != read)
  }
}
