import Foundation

/// How a number is written: grouped by commas from 10,000 on, with a true minus sign.
public enum NumberFormat: Codable, Hashable, Sendable {
  /// As many digits as an axis needs; four significant ones elsewhere.
  case automatic
  case integer
  /// A fixed number of digits after the point.
  case decimals(Int)
  /// Significant digits; very large and small numbers as powers of ten.
  case significant(Int)
  /// A hundredfold with a fixed number of digits after the point: 0.873 is `87.3%`.
  case percent(Int)
  /// As it stands, for columns of words.
  case text

  /// The number as text; "NaN", "∞" and "−∞" where it is not finite.
  ///
  /// ```swift
  /// NumberFormat.decimals(2).text(-0.5)     // "−0.50"
  /// NumberFormat.percent(1).text(0.8731)    // "87.3%"
  /// NumberFormat.significant(3).text(2e-7)  // "2.00×10⁻⁷"
  /// ```
  public func text(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "NaN" : value > 0 ? "∞" : "−∞" }
    switch self {
    case .integer: return Self.fixed(value, decimals: 0)
    case .decimals(let count): return Self.fixed(value, decimals: count)
    case .percent(let count): return Self.fixed(value * 100, decimals: count) + "%"
    case .significant(let count): return Self.significant(value, digits: count, trimmed: false)
    case .automatic, .text: return Self.significant(value, digits: 4, trimmed: true)
    }
  }

  static func fixed(_ value: Double, decimals: Int) -> String {
    let digits = String(format: "%.\(max(0, min(decimals, 17)))f", abs(value))
    let isZero = digits.allSatisfy { $0 == "0" || $0 == "." }
    return (value < 0 && !isZero ? "−" : "") + grouped(digits)
  }

  private static func grouped(_ digits: String) -> String {
    let whole = digits.prefix { $0 != "." }
    guard whole.count > 4 else { return digits }
    var result = ""
    for (position, digit) in whole.enumerated() {
      if position > 0, (whole.count - position).isMultiple(of: 3) { result.append(",") }
      result.append(digit)
    }
    return result + digits.dropFirst(whole.count)
  }

  private static func significant(_ value: Double, digits: Int, trimmed: Bool) -> String {
    let digits = max(1, min(digits, 17))
    guard value != 0 else { return fixed(0, decimals: trimmed ? 0 : digits - 1) }
    // The exponent after rounding: 9.996 to three digits is 10.0.
    let scientific = String(format: "%.\(digits - 1)e", abs(value))
    let parts = scientific.split(separator: "e")
    let exponent = parts.count == 2 ? Int(parts[1]) ?? 0 : 0
    if exponent >= -4 && exponent < max(digits, 7) {
      let text = fixed(value, decimals: max(0, digits - 1 - exponent))
      return trimmed ? trimmedZeros(text) : text
    }
    let mantissa = trimmed ? trimmedZeros(String(parts[0])) : String(parts[0])
    return (value < 0 ? "−" : "") + mantissa + "×10" + superscript(exponent)
  }

  /// The power of ten of the leading digit: 2 for 345, -1 for 0.2, 0 for 0.
  static func exponent(of value: Double) -> Int {
    let parts = String(format: "%.15e", abs(value)).split(separator: "e")
    return parts.count == 2 ? Int(parts[1]) ?? 0 : 0
  }

  static func trimmedZeros(_ text: String) -> String {
    guard text.contains(".") else { return text }
    var text = text[...]
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return String(text)
  }

  static func superscript(_ number: Int) -> String {
    let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    return String(
      String(number).map { character in
        character.wholeNumberValue.map { digits[$0] } ?? "⁻"
      })
  }
}
