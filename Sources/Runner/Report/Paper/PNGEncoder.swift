internal import CPNG
import Foundation
import Plot

/// Writes pixels as PNG.
///
/// Cairo's own writer tries every filter on every line and packs tightly, which takes four times as long as drawing; pages are
/// mostly paper, on which that gains a tenth of the size.
enum PNGEncoder {
  /// - Parameters:
  ///   - pixels: lines of blue, green, red, opacity.
  ///   - stride: bytes from line to line.
  static func png(_ pixels: UnsafePointer<UInt8>, width: Int, height: Int, stride: Int) throws -> Data {
    var image = png_image()
    image.version = UInt32(PNG_IMAGE_VERSION)
    image.width = UInt32(width)
    image.height = UInt32(height)
    image.format = UInt32(PNG_FORMAT_FLAG_COLOR | PNG_FORMAT_FLAG_BGR | PNG_FORMAT_FLAG_ALPHA)
    image.flags = UInt32(PNG_IMAGE_FLAG_FAST)
    // The most that packing can make of it: the pixels, a byte a line, and what zlib and PNG put around blocks.
    let raw = (width * 4 + 1) * height
    var size = png_alloc_size_t(raw + raw / 1_000 + 65_536)
    let memory = UnsafeMutableRawPointer.allocate(byteCount: Int(size), alignment: 16)
    guard png_image_write_to_memory(&image, memory, &size, 0, pixels, Int32(stride), nil) != 0 else {
      let message = withUnsafeBytes(of: image.message) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      memory.deallocate()
      throw DrawingError("libpng failed while writing a picture: \(message)")
    }
    return Data(bytesNoCopy: memory, count: Int(size), deallocator: .custom { memory, _ in memory.deallocate() })
  }
}
