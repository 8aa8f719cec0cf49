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
