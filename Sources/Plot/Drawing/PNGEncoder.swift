internal import Basics
internal import CDeflate
import Foundation

/// Writes opaque pictures as small PNG files, fast: with a palette of 256 colours where every pixel is within a hardly
/// visible distance of its own colour, else in full colour. Frequent colours are kept exactly.
///
/// The pixels may come in several bands from top to bottom, so that a tall picture never stands in memory as a whole.
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
  /// Neighbours of the same colour: its number in the upper half, how many there are in the lower. None goes on in the
  /// next row.
  private var runs: [UInt32] = []
  /// The rows in full colour, once there are more colours than a palette is worth looking for.
  private var fullColor: [UInt8]?

  /// - Parameters:
  ///   - width: In pixels.
  ///   - scale: Pixels to a logical unit of 1/96 inch, told to whoever shows or prints the picture.
  public init(width: Int, scale: Double = 1) {
    (self.width, self.scale) = (width, scale)
  }

  /// Adds rows below those that were added before.
  ///
  /// - Parameters:
  ///   - pixels: Rows of `width` words of four bytes, in the machine's order: 0, red, green, blue from the highest byte
  ///     on (`CAIRO_FORMAT_RGB24`; the highest byte is not read).
  ///   - height: Rows.
  ///   - stride: Bytes from row to row.
  public mutating func add(pixels: UnsafeRawPointer, height: Int, stride: Int) {
    for row in 0..<height {
      let line = pixels.advanced(by: row * stride)
      if fullColor == nil, !addRuns(of: line) { fullColor = rowsOfRuns() }
      if fullColor != nil { addFullColor(line) }
      self.height += 1
    }
  }

  /// The file of all that was added.
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

  /// - Returns: False when the row has a colour too many; then none of it was added.
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

  /// The end of a run of pixels of one colour that begins before `start`; read eight pixels at a time.
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

  /// Red, green and blue of all runs, each row after a zero: no filter.
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

  /// Places in the palette of all runs, each row after a zero: no filter.
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

  /// Charts and text are mostly paper: higher levels cost more time than they save bytes.
  private static let level: Int32 = 5

  /// A zlib stream of all bytes. libdeflate needs half of zlib's time for it, and less room.
  private static func compressed(_ bytes: [UInt8]) throws -> Data {
    guard let compressor = libdeflate_alloc_compressor(level) else {
      throw DrawingError("there is no memory for packing a PNG of \(bytes.count) bytes")
    }
    defer { libdeflate_free_compressor(compressor) }
    var data = Data(count: libdeflate_zlib_compress_bound(compressor, bytes.count))
    let length = data.withUnsafeMutableBytes { buffer in
      libdeflate_zlib_compress(compressor, bytes, bytes.count, buffer.baseAddress, buffer.count)
    }
    guard length > 0 else { throw DrawingError("libdeflate failed while writing a PNG of \(bytes.count) bytes") }
    return data.prefix(length)
  }

  /// Length, type, content and checksum.
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
