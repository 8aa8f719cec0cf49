import Plot
import Testing

@testable import Cell

@Suite struct InlineTextTests {
  @Test(arguments: [
    (0.99996, "1.000"), (9.9996, "10.00"), (99.996, "100.0"), (0.0099996, "0.01000"), (0.31522437, "0.3152"),
    (12345.678, "12,346"), (-0.5, "−0.5000"), (-0.0, "0"), (1.5e-7, "1.5×10⁻⁷"), (-.infinity, "−∞"), (.nan, "NaN"),
    (9999.9, "10,000"), (3, "3"), (12_345_678, "12,345,678"), (1234567.8, "1,234,568"), (1e21, "1×10²¹"),
    (0.00001234, "0.00001234"),
  ])
  func aNumberLooksAsInATable(number: Double, text: String) {
    #expect(inlineText(number) == text)
    #expect(Table(columns: ["x"], rows: [[number]]).texts == [[text]])
  }

  @Test(arguments: [
    (0, "0"), (9999, "9999"), (10_000, "10,000"), (-1_234_567, "−1,234,567"), (.max, "9,223,372,036,854,775,807"),
  ])
  func wholeNumbersAreGroupedAsInATable(number: Int, text: String) {
    #expect(inlineText(number) == text)
    #expect(number == .max || Table(columns: ["x"], rows: [[number]]).texts == [[text]])
  }

  @Test func neverADigitMoreThanPromisedAndNoNegativeZero() {
    #expect(significant(9.996, 3) == "10.0" && significant(1_234_567, 3) == "1230000")
    #expect(fixed(-0.001, 2) == "0.00" && fixed(-1.5, 1) == "-1.5")
    #expect(percent(-0.0001) == "0.0%" && percent(.nan) == "nan")
    #expect(inlineText(fixed(-1.5, 1)) == "−1.5" && inlineText(-3) == "−3" && inlineText("2023-11") == "2023-11")
    for power in -5...12 {
      for digits in 1...6 {
        let text = significant(9.9999999 * pow10(power), digits)
        let counted = text.filter(\.isNumber).drop { $0 == "0" }
        // The uncertainty is rounded up to the next power of ten. Zeros before the decimal point don't count as
        // significant.
        #expect(power + 1 >= digits || counted.count == digits, "\(text)")
      }
    }
  }

  private func pow10(_ power: Int) -> Double { Double("1e\(power)") ?? 1 }
}
