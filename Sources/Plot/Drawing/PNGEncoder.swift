internal import CZlib
import Foundation

/// Writes opaque pictures as small PNG files, fast: with a palette of 256 colours where every pixel is within a hardly visible
/// distance of its own colour, else in full colour. Frequent colours are kept exactly.
///
/// ```swift
/// let file = try PNGEncoder.data(pixels: bytes, width: 640, height: 380, stride: 2560)
/// ```
public enum PNGEncoder {
  /// - Parameters:
  ///   - pixels: Rows of `width` words of four bytes, in the machine's order: 0, red, green, blue from the highest byte on
  ///     (`CAIRO_FORMAT_RGB24`; the highest byte is not read).
  ///   - stride: Bytes from row to row.
  ///   - scale: Pixels to a logical unit of 1/96 inch, told to whoever shows or prints the picture.
  /// - Throws: ``DrawingError`` when the compressor reports an error.
  public static func data(
    pixels: UnsafeRawPointer, width: Int, height: Int, stride: Int, scale: Double = 1
  ) throws -> Data {
    var file = Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    let indexed = indexed(pixels: pixels, width: width, height: height, stride: stride)
    append("IHDR", to: &file) { chunk in
      chunk.appendBigEndian(UInt32(width))
      chunk.appendBigEndian(UInt32(height))
      chunk += [8, indexed == nil ? 2 : 3, 0, 0, 0]
    }
    append("pHYs", to: &file) { chunk in
      let pixelsPerMeter = UInt32((scale * 96 / 0.0254).rounded())
      chunk.appendBigEndian(pixelsPerMeter)
      chunk.appendBigEndian(pixelsPerMeter)
      chunk += [1]
    }
    let rows: [UInt8]
    if let indexed {
      append("PLTE", to: &file) { chunk in
        for color in indexed.palette {
          chunk += [UInt8(color >> 16 & 0xFF), UInt8(color >> 8 & 0xFF), UInt8(color & 0xFF)]
        }
      }
      rows = indexed.rows
    } else {
      rows = fullColor(pixels: pixels, width: width, height: height, stride: stride)
    }
    let compressed = try compressed(rows)
    append("IDAT", to: &file) { $0 = compressed }
    append("IEND", to: &file) { _ in }
    return file
  }

  /// Rows of palette places, each after a zero: no filter.
  private static func indexed(
    pixels: UnsafeRawPointer, width: Int, height: Int, stride: Int
  ) -> (palette: [UInt32], rows: [UInt8])? {
    var table = ColorTable()
    var numbers = [UInt16](repeating: 0, count: width * height)
    for row in 0..<height {
      let line = pixels.advanced(by: row * stride)
      var column = 0
      while column < width {
        let color = line.loadUnaligned(fromByteOffset: column * 4, as: UInt32.self) & 0xFF_FFFF
        var end = column + 1
        while end < width,
          line.loadUnaligned(fromByteOffset: end * 4, as: UInt32.self) & 0xFF_FFFF == color
        {
          end += 1
        }
        guard let number = table.number(of: color, adding: end - column) else { return nil }
        for position in (row * width + column)..<(row * width + end) { numbers[position] = number }
        column = end
      }
    }
    guard let (palette, places) = table.palette() else { return nil }
    let rows = [UInt8](unsafeUninitializedCapacity: (width + 1) * height) { buffer, count in
      for row in 0..<height {
        let start = row * (width + 1)
        buffer[start] = 0
        for column in 0..<width { buffer[start + 1 + column] = places[Int(numbers[row * width + column])] }
      }
      count = (width + 1) * height
    }
    return (palette, rows)
  }

  /// Rows of red, green and blue, each after a zero: no filter.
  private static func fullColor(pixels: UnsafeRawPointer, width: Int, height: Int, stride: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: (3 * width + 1) * height) { buffer, count in
      for row in 0..<height {
        let line = pixels.advanced(by: row * stride)
        var place = row * (3 * width + 1)
        buffer[place] = 0
        for column in 0..<width {
          let color = line.loadUnaligned(fromByteOffset: column * 4, as: UInt32.self)
          buffer[place + 1] = UInt8(truncatingIfNeeded: color >> 16)
          buffer[place + 2] = UInt8(truncatingIfNeeded: color >> 8)
          buffer[place + 3] = UInt8(truncatingIfNeeded: color)
          place += 3
        }
      }
      count = (3 * width + 1) * height
    }
  }

  /// Charts are mostly paper: higher levels cost more time than they save bytes.
  private static let level: Int32 = 5

  private static func compressed(_ bytes: [UInt8]) throws -> Data {
    var length = compressBound(UInt(bytes.count))
    var data = Data(count: Int(length))
    let status = data.withUnsafeMutableBytes { buffer -> Int32 in
      guard let start = buffer.bindMemory(to: UInt8.self).baseAddress else { return Z_BUF_ERROR }
      return compress2(start, &length, bytes, UInt(bytes.count), level)
    }
    guard status == Z_OK else {
      throw DrawingError("zlib failed while writing a PNG of \(bytes.count) bytes: status \(status)")
    }
    return data.prefix(Int(length))
  }

  /// Length, type, content and checksum.
  private static func append(_ type: String, to file: inout Data, content: (inout Data) -> Void) {
    var chunk = Data()
    content(&chunk)
    file.appendBigEndian(UInt32(chunk.count))
    let checked = Data(type.utf8) + chunk
    file += checked
    let checksum = checked.withUnsafeBytes { buffer in
      crc32(0, buffer.bindMemory(to: UInt8.self).baseAddress, UInt32(buffer.count))
    }
    file.appendBigEndian(UInt32(truncatingIfNeeded: checksum))
  }
}

extension Data {
  fileprivate mutating func appendBigEndian(_ value: UInt32) {
    Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
  }
}
