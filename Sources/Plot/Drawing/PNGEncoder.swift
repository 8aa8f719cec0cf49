internal import Basics
internal import CDeflate
import Foundation

/// Writes opaque pictures quickly as small PNG files: with a palette of 256 colours if every pixel is within a hardly
/// visible distance of its own colour, else in full colour. Frequent colours are exact.
///
/// The pixels may come in several bands from top to bottom, so that a tall picture is never in memory as a whole.
///
/// ```swift
/// var encoder = PNGEncoder(width: 640)
/// encoder.add(pixels: bytes, height: 380, stride: 2560)
/// let file = try encoder.file()
/// ```
public struct PNGEncoder {
  private let width: Int
  private let scale: Double
  private var height = 0
  private var table = ColorTable()
  /// Runs of equal pixels: the number of the colour in the upper half, the length in the lower half. No run continues
  /// in the next row.
  private var runs: [UInt32] = []
  /// The rows in full colour, after there were too many colours for a palette.
  private var fullColor: [UInt8]?

  /// - Parameters:
  ///   - width: The width in pixels.
  ///   - scale: Pixels per logical unit of 1/96 inch, which the file tells viewers and printers.
  public init(width: Int, scale: Double = 1) {
    (self.width, self.scale) = (width, scale)
  }

  /// Adds rows below the earlier ones.
  ///
  /// - Parameters:
  ///   - pixels: Rows of `width` words of four bytes in the machine's byte order: 0, red, green, blue from the
  ///     highest byte on (`CAIRO_FORMAT_RGB24`; the highest byte is ignored).
  ///   - height: The number of rows.
  ///   - stride: The number of bytes from one row to the next.
  public mutating func add(pixels: UnsafeRawPointer, height: Int, stride: Int) {
    for row in 0..<height {
      let line = pixels.advanced(by: row * stride)
      if fullColor == nil, !addRuns(of: line) { fullColor = rowsOfRuns() }
      if fullColor != nil { addFullColor(line) }
      self.height += 1
    }
  }

  /// The file with all rows.
  /// - Throws: ``DrawingError`` when the compressor reports an error.
  public func file() throws -> Data {
    let palette = fullColor == nil ? table.palette() : nil
    var file = Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    Self.append("IHDR", to: &file) { chunk in
      chunk.appendBigEndian(UInt32(width))
      chunk.appendBigEndian(UInt32(height))
      chunk += [8, palette == nil ? 2 : 3, 0, 0, 0]
    }
    Self.append("pHYs", to: &file) { chunk in
      let pixelsPerMeter = UInt32(clamping: (scale * 96 / 0.0254).rounded())
      chunk.appendBigEndian(pixelsPerMeter)
      chunk.appendBigEndian(pixelsPerMeter)
      chunk += [1]
    }
    if let palette {
      Self.append("PLTE", to: &file) { chunk in
        for color in palette.colors {
          chunk += [UInt8(color >> 16 & 0xFF), UInt8(color >> 8 & 0xFF), UInt8(color & 0xFF)]
        }
      }
    }
    let rows = palette.map { rowsOfPlaces($0.places) } ?? fullColor ?? rowsOfRuns()
    let compressed = try Self.compressed(rows)
    Self.append("IDAT", to: &file) { $0 = compressed }
    Self.append("IEND", to: &file) { _ in }
    return file
  }

  // MARK: Rows

  /// - Returns: Whether the row was added; false if it has a colour too many.
  private mutating func addRuns(of line: UnsafeRawPointer) -> Bool {
    let before = runs.count
    var column = 0
    while column < width {
      let color = line.loadUnaligned(fromByteOffset: column * 4, as: UInt32.self) & 0xFF_FFFF
      let end = Self.runEnd(of: color, in: line, from: column + 1, to: min(width, column + 0xFFFF))
      guard let number = table.number(of: color, adding: end - column) else {
        runs.removeLast(runs.count - before)
        return false
      }
      runs.append(UInt32(number) << 16 | UInt32(end - column))
      column = end
    }
    return true
  }

  /// The end of a run of equal pixels that begins before `start`. It reads eight pixels at a time.
  @inline(__always)
  private static func runEnd(of color: UInt32, in line: UnsafeRawPointer, from start: Int, to limit: Int) -> Int {
    let mask: UInt64 = 0x00FF_FFFF_00FF_FFFF
    let pair = UInt64(color) << 32 | UInt64(color)
    var end = start
    while end + 8 <= limit {
      var difference: UInt64 = 0
      for part in 0..<4 {
        difference |= line.loadUnaligned(fromByteOffset: end * 4 + part * 8, as: UInt64.self) ^ pair
      }
      guard difference & mask == 0 else { break }
      end += 8
    }
    while end < limit, line.loadUnaligned(fromByteOffset: end * 4, as: UInt32.self) & 0xFF_FFFF == color { end += 1 }
    return end
  }

  private mutating func addFullColor(_ line: UnsafeRawPointer) {
    var row: [UInt8] = [0]
    row.reserveCapacity(3 * width + 1)
    for column in 0..<width {
      Self.append(line.loadUnaligned(fromByteOffset: column * 4, as: UInt32.self), to: &row)
    }
    fullColor?.append(contentsOf: row)
  }

  /// The red, green and blue bytes of all runs; each row begins with a zero (no filter).
  private func rowsOfRuns() -> [UInt8] {
    var rows: [UInt8] = []
    rows.reserveCapacity((3 * width + 1) * height)
    var column = 0
    for run in runs {
      if column == 0 { rows.append(0) }
      let length = Int(run & 0xFFFF)
      for _ in 0..<length { Self.append(table.colors[Int(run >> 16)], to: &rows) }
      column = (column + length) % width
    }
    return rows
  }

  private static func append(_ color: UInt32, to row: inout [UInt8]) {
    row.append(UInt8(truncatingIfNeeded: color >> 16))
    row.append(UInt8(truncatingIfNeeded: color >> 8))
    row.append(UInt8(truncatingIfNeeded: color))
  }

  /// The palette indices of all runs; each row begins with a zero (no filter).
  private func rowsOfPlaces(_ places: [UInt8]) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: (width + 1) * height) { buffer, count in
      count = (width + 1) * height
      guard var next = buffer.baseAddress else { return }
      var column = 0
      for run in runs {
        if column == 0 {
          next.initialize(to: 0)
          next += 1
        }
        let length = Int(run & 0xFFFF)
        next.initialize(repeating: places[Int(run >> 16)], count: length)
        next += length
        column = (column + length) % width
      }
    }
  }

  // MARK: Chunks

  /// Charts and text are mostly paper. Higher levels cost more time than they save bytes.
  private static let level: Int32 = 5

  /// A zlib stream of all bytes. libdeflate needs half of zlib's time, and its result is smaller.
  private static func compressed(_ bytes: [UInt8]) throws -> Data {
    guard let compressor = libdeflate_alloc_compressor(level) else {
      throw DrawingError("the memory is too small for compressing a PNG of \(bytes.count) bytes")
    }
    defer { libdeflate_free_compressor(compressor) }
    var data = Data(count: libdeflate_zlib_compress_bound(compressor, bytes.count))
    let length = data.withUnsafeMutableBytes { buffer in
      libdeflate_zlib_compress(compressor, bytes, bytes.count, buffer.baseAddress, buffer.count)
    }
    guard length > 0 else { throw DrawingError("libdeflate failed while writing a PNG of \(bytes.count) bytes") }
    return data.prefix(length)
  }

  /// Appends a chunk: length, type, content and checksum.
  private static func append(_ type: String, to file: inout Data, content: (inout Data) -> Void) {
    var chunk = Data()
    content(&chunk)
    file.appendBigEndian(UInt32(chunk.count))
    let checked = Data(type.utf8) + chunk
    file += checked
    file.appendBigEndian(checked.withUnsafeBytes { libdeflate_crc32(0, $0.baseAddress, $0.count) })
  }
}

extension Data {
  fileprivate mutating func appendBigEndian(_ value: UInt32) {
    Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
  }
}
