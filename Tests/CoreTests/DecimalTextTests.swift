import Testing

@testable import Core

@Suite struct DecimalTextTests {
  private func number(_ text: String) -> Double? {
    var text = text
    return text.withUTF8(DecimalText.number)
  }

  /// The result has the same bits as `Double(text)` for any digits.
  @Test func isTheNearestNumber() {
    var generator = RepeatedRandom(state: 1)
    for _ in 0..<20_000 {
      let digits = Int.random(in: 1...15, using: &generator)
      let value = UInt64.random(in: 0..<UInt64(1_000_000_000_000_000), using: &generator)
      var text = String(String(value).suffix(digits))
      text.insert(".", at: text.index(text.startIndex, offsetBy: Int.random(in: 0...text.count, using: &generator)))
      #expect(number(text)?.bitPattern == Double(text)?.bitPattern, "\(text)")
    }
  }

  @Test(arguments: ["", ".", "1e5", "-1", "+1", " 1", "0x1", "nan", "1.2.3", "12345678901234567890", "１"])
  func leavesTheRest(_ text: String) {
    #expect(number(text) == nil)
  }
}

/// A generator that gives the same numbers in every run.
private struct RepeatedRandom: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ state >> 29
  }
}
