/// Reads numbers in the form of tables.
enum DecimalText {
  private static let powers: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
  ]

  /// The number that digits and a point mean, correctly rounded; nil for numbers that need the slower general reader.
  ///
  /// A whole number below 2^53 and a power of ten up to 10^22 are exact in double precision, and one division of exact
  /// numbers is correctly rounded (Clinger, "How to read floating point numbers accurately", 1990).
  static func number(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
    var digits: UInt64 = 0
    var decimals = 0
    var hasPoint = false
    var hasDigit = false
    for byte in text {
      let digit = byte &- UInt8(ascii: "0")
      if digit < 10 {
        guard digits < 900_000_000_000_000 else { return nil }
        digits = digits * 10 + UInt64(digit)
        hasDigit = true
        if hasPoint { decimals += 1 }
      } else if byte == UInt8(ascii: "."), !hasPoint {
        hasPoint = true
      } else {
        return nil
      }
    }
    guard hasDigit, decimals < powers.count else { return nil }
    return Double(digits) / powers[decimals]
  }
}
