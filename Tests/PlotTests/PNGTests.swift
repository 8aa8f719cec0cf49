import Foundation
import Testing

@testable import Plot

@Suite struct PNGTests {
  /// - Parameter band: The number of rows that are added at once.
  private func encoded(_ colors: [UInt32], width: Int, band: Int = .max) throws -> Data {
    try colors.withUnsafeBytes { bytes in
      let pixels = try #require(bytes.baseAddress)
      var encoder = PNGEncoder(width: width)
      let height = colors.count / width
      for row in stride(from: 0, to: height, by: min(band, height)) {
        encoder.add(pixels: pixels + row * width * 4, height: min(band, height - row), stride: width * 4)
      }
      return try encoder.file()
    }
  }

  /// The file is the same with bands of any height: with a palette, without, and if the number of colours exceeds a
  /// palette on the way.
  @Test(arguments: [(1, 200), (14, 20_000), (24, 20_000), (24, 80_000)]) func bandsMakeTheSameFile(
    bits: UInt64, count: Int
  ) throws {
    var random = TestGenerator(seed: 4)
    let colors = (0..<count).map { pixel in
      pixel < count / 3 ? 0xFFFFFF : UInt32(truncatingIfNeeded: random.next() % (1 << bits) * 1_033 & 0xFF_FFFF)
    }
    let whole = try encoded(colors, width: 100)
    #expect(try encoded(colors, width: 100, band: 1) == whole)
    #expect(try encoded(colors, width: 100, band: 7) == whole)
    #expect(furthest(try Picture(png: whole), from: colors) <= 16)
  }

  /// The largest difference of a component from its original.
  private func furthest(_ picture: Picture, from colors: [UInt32]) -> Int {
    colors.indices.map { pixel in
      [16, 8, 0].enumerated().map { position, shift in
        abs(Int(colors[pixel] >> UInt32(shift) & 0xFF) - Int(picture.components[3 * pixel + position]))
      }.max() ?? 0
    }.max() ?? 0
  }

  @Test func fewColoursAreKeptExactly() throws {
    var random = TestGenerator(seed: 1)
    let palette = (0..<256).map { _ in UInt32(truncatingIfNeeded: random.next()) & 0xFF_FFFF }
    let colors = (0..<6000).map { _ in palette[Int(random.next() % 256)] }
    let picture = try Picture(png: encoded(colors, width: 75))
    #expect(picture.width == 75 && picture.height == 80)
    #expect(furthest(picture, from: colors) == 0)
  }

  /// 1,024 similar colours: the paper's colours are exact, all others are within the tolerance.
  @Test func manyNearColoursShareAPalette() throws {
    var random = TestGenerator(seed: 2)
    let colors = (0..<20_000).map { pixel -> UInt32 in
      if pixel.isMultiple(of: 2) { return 0xFFFFFF }
      let shades = (0..<3).map { _ in UInt32(random.next() % 10) * 2 + 100 }
      return shades[0] << 16 | shades[1] << 8 | shades[2]
    }
    let data = try encoded(colors, width: 200)
    // Colour type 3 is a palette.
    #expect(data[25] == 3)
    let picture = try Picture(png: data)
    #expect(furthest(picture, from: colors) <= 16 && furthest(picture, from: colors) > 0)
    #expect((0..<20_000).filter { $0.isMultiple(of: 2) }.allSatisfy { picture.components[3 * $0] == 255 })
  }

  @Test func coloursThatNoPaletteHoldsAreWrittenInFull() throws {
    var random = TestGenerator(seed: 3)
    let colors = (0..<40_000).map { _ in UInt32(truncatingIfNeeded: random.next()) & 0xFF_FFFF }
    let data = try encoded(colors, width: 200)
    #expect(data[25] == 2)
    #expect(furthest(try Picture(png: data), from: colors) == 0)
  }

  @Test(arguments: SampleCharts.all.map(\.name)) func chartsAreSmall(name: String) throws {
    #expect(try SampleCharts.named(name).png().count < 100_000)
  }

  @Test func saysHowLargeItIsOnPaper() throws {
    let data = try Chart.line(x: [1, 2], y: [1, 2]).png(scale: 2)
    let place = try #require(data.firstRange(of: Data("pHYs".utf8)))
    #expect(Array(data[place.upperBound..<(place.upperBound + 5)]) == [0, 0, 0x1D, 0x87, 0])
  }
}
