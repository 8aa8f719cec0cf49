import Basics
import Foundation
import Testing

@testable import Paper

/// Pictures that are larger, or take longer, than their files suggest.
@Suite struct PixelReaderTests {
  private static func svg(_ size: String, _ body: String = "<rect width=\"9\" height=\"9\"/>") -> Data {
    Data(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" \(size)>\(body)</svg>"
        .utf8)
  }

  /// Only the head of a PNG, which contains its size.
  private static func png(width: UInt32, height: UInt32) -> Data {
    func bytes(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }
    let head = Array("IHDR".utf8) + bytes(width) + bytes(height) + [8, 2, 0, 0, 0]
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in head {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + bytes(13) + head + bytes(~crc))
  }

  @Test func picturesWithinTheBudgetAreRead() {
    let pixels = PixelReader.pixels(Self.svg("width=\"20\" height=\"10\""), greatestWidth: 100)
    #expect(pixels?.width == 20 && pixels?.height == 10)
  }

  @Test(arguments: [
    "width=\"100000\" height=\"100000\"", "width=\"30000\" height=\"30000\"", "width=\"1e9\" height=\"1e9\"",
    "width=\"0\" height=\"5\"",
  ])
  func drawingsBeyondTheBudgetAreNot(size: String) {
    #expect(PixelReader.pixels(Self.svg(size), greatestWidth: 1400) == nil)
  }

  @Test func pictureFilesBeyondTheBudgetAreNot() {
    #expect(PixelReader.pixels(Self.png(width: 40_000, height: 40_000), greatestWidth: 1400) == nil)
    #expect(PixelReader.pixels(Self.png(width: .max, height: .max), greatestWidth: 1400) == nil)
    #expect(PixelReader.pixels(Data(count: Budgets.pictureBytes + 1), greatestWidth: 1400) == nil)
  }

  /// A grey JPEG of two pixels side by side, with an orientation as cameras write it.
  private static func jpeg(orientation: UInt8) -> Data {
    let directory: [UInt8] = [0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]
    let head: [UInt8] = [0x4D, 0x4D, 0, 42, 0, 0, 0, 8]
    var bytes: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE1, 0, 34]
    bytes += Array("Exif".utf8)
    bytes += [0, 0]
    bytes += head
    bytes += directory
    bytes += [0xFF, 0xDB, 0, 67, 0]
    bytes += [UInt8](repeating: 1, count: 64)
    bytes += [0xFF, 0xC0, 0, 11, 8, 0, 1, 0, 2, 1, 1, 0x11, 0]
    for table: UInt8 in [0x00, 0x10] {
      bytes += [0xFF, 0xC4, 0, 20, table, 1]
      bytes += [UInt8](repeating: 0, count: 16)
    }
    bytes += [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 0x3F, 0xFF, 0xD9]
    return Data(bytes)
  }

  /// A turned photograph's data can't be in a PDF as they are, because readers don't turn them.
  @Test(arguments: [(1, 2, false), (3, 2, true), (6, 1, true)] as [(UInt8, Int, Bool)])
  func photographsAreTurned(orientation: UInt8, width: Int, isChanged: Bool) {
    let pixels = PixelReader.pixels(Self.jpeg(orientation: orientation), greatestWidth: 100)
    #expect(pixels?.width == width && pixels?.isChanged == isChanged)
    #expect(PixelReader.pixels(Self.jpeg(orientation: 1), greatestWidth: 1)?.isChanged == true)
  }

  /// Each level draws the level below it ten times.
  @Test func aDrawingThatNeverEndsIsEnded() {
    var body = "<defs><g id=\"l0\"><circle r=\"50\" filter=\"url(#f)\"/></g>"
    body += "<filter id=\"f\"><feGaussianBlur stdDeviation=\"20\"/></filter>"
    for level in 1...9 {
      let uses = (0..<10).map { "<use xlink:href=\"#l\(level - 1)\" x=\"\($0)\"/>" }.joined()
      body += "<g id=\"l\(level)\">\(uses)</g>"
    }
    let data = Self.svg("width=\"500\" height=\"500\"", body + "</defs><use xlink:href=\"#l9\"/>")
    // It is ended by its limit of processor time or by librsvg's own limit; the test is that it ends.
    _ = PixelReader.pixels(data, greatestWidth: 1400)
  }
}
