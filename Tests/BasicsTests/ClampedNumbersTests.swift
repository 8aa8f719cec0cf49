import Basics
import Testing

@Suite struct ClampedNumbersTests {
  @Test(
    arguments: [
      (0.0, 0), (-0.9, 0), (2.9, 2), (-2.9, -2), (.nan, 0), (.infinity, .max), (-.infinity, .min), (1e300, .max),
      (-1e300, .min), (9.223372036854775e18, 9_223_372_036_854_774_784), (9.3e18, .max), (-9.3e18, .min),
    ] as [(Double, Int)])
  func everyDoubleHasAnInteger(value: Double, expected: Int) {
    #expect(Int(clamping: value) == expected)
  }

  @Test func everyWidthHasItsBounds() {
    #expect(UInt8(clamping: -1.0) == 0 && UInt8(clamping: 255.5) == 255 && UInt8(clamping: 254.9) == 254)
    #expect(Int32(clamping: 3e9) == .max && UInt32(clamping: 3e9) == 3_000_000_000)
    #expect(UInt64(clamping: 1e20) == .max && UInt64(clamping: Double.nan) == 0)
  }

  /// Doubles of all bit patterns convert without a trap. Those in the integer's range convert as in the standard
  /// library.
  @Test func noPatternOfBitsTraps() {
    var bits: UInt64 = 1
    for _ in 0..<20_000 {
      bits = bits &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let value = Double(bitPattern: bits)
      if let whole = Int(exactly: value.rounded(.towardZero)) { #expect(Int(clamping: value) == whole) }
      _ = (Int8(clamping: value), UInt16(clamping: value), Duration.seconds(clamping: value))
    }
  }

  @Test func durationsEndAtThirtyYears() {
    #expect(Duration.seconds(clamping: 1e300) == .seconds(1_000_000_000))
    #expect(Duration.seconds(clamping: -.infinity) == .seconds(-1_000_000_000))
    #expect(Duration.seconds(clamping: .nan) == .zero && Duration.seconds(clamping: 0.25) == .milliseconds(250))
  }
}
