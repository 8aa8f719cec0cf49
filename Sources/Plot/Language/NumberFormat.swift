import Foundation

/// The format of a number: digits are grouped by commas from 10,000 on, and negative numbers have a true minus sign.
public enum NumberFormat: Codable, Hashable, Sendable {
  /// As many digits as an axis needs; elsewhere four significant digits, and all digits before the point.
  case automatic
  case integer
  /// A fixed number of digits after the point.
  case decimals(Int)
  /// Significant digits. Very large and very small numbers are written with powers of ten.
  case significant(Int)
  /// At most this many significant digits, without trailing zeros.
  case trimmed(Int)
  /// A percentage with a fixed number of digits after the point: 0.873 is `87.3%`.
  case percent(Int)
  /// Unchanged, for columns of words.
  case text

  /// The number as text; "NaN", "∞" and "−∞" if it is not finite.
  ///
  /// ```swift
  /// NumberFormat.decimals(2).text(-0.5)     // "−0.50"
  /// NumberFormat.percent(1).text(0.8731)    // "87.3%"
  /// NumberFormat.significant(3).text(2e-7)  // "2.00×10⁻⁷"
  /// ```
  public func text(_ value: Double, in language: Language = .english) -> String {
    guard value.isFinite else { return value.isNaN ? "NaN" : value > 0 ? "∞" : "−∞" }
    switch self {
    case .integer: return Self.fixed(value, decimals: 0, in: language)
    case .decimals(let count): return Self.fixed(value, decimals: count, in: language)
    case .percent(let count): return Self.fixed(value * 100, decimals: count, in: language) + "%"
    case .significant(let count): return Self.significant(value, digits: count, trimmed: false, in: language)
    case .trimmed(let count): return Self.significant(value, digits: count, trimmed: true, in: language)
    case .automatic, .text: return Self.significant(value, digits: 4, trimmed: true, keepsWhole: true, in: language)
    }
  }

  private static func fixed(_ value: Double, decimals: Int, trimmed: Bool = false, in language: Language) -> String {
    var digits = String(format: "%.\(max(0, min(decimals, 17)))f", abs(value))
    let isZero = digits.allSatisfy { $0 == "0" || $0 == "." }
    if trimmed { digits = trimmedZeros(digits) }
    return (value < 0 && !isZero ? "−" : "") + separated(digits, in: language)
  }

  private static func separated(_ digits: String, in language: Language) -> String {
    let separators = language.numberSeparators
    let whole = digits.prefix { $0 != "." }
    let decimals = digits.dropFirst(whole.count + 1)
    var result = ""
    for (position, digit) in whole.enumerated() {
      if whole.count > 4, position > 0, (whole.count - position).isMultiple(of: 3) { result += separators.group }
      result.append(digit)
    }
    return decimals.isEmpty ? result : result + String(separators.decimal) + decimals
  }

  private static func significant(
    _ value: Double, digits: Int, trimmed: Bool, keepsWhole: Bool = false, in language: Language
  ) -> String {
    let digits = max(1, min(digits, 17))
    guard value != 0 else { return fixed(0, decimals: trimmed ? 0 : digits - 1, in: language) }
    // The exponent after rounding: 9.996 to three digits is 10.0.
    let scientific = String(format: "%.\(digits - 1)e", abs(value))
    let parts = scientific.split(separator: "e")
    let exponent = parts.count == 2 ? Int(parts[1]) ?? 0 : 0
    if exponent >= -4 && exponent < max(digits, 7) {
      // For example, 12,345 to three digits is 12,300.
      let isLonger = exponent >= digits && !keepsWhole
      return fixed(
        isLonger ? Double(scientific).map { value < 0 ? -$0 : $0 } ?? value : value,
        decimals: max(0, digits - 1 - exponent), trimmed: trimmed, in: language)
    }
    let mantissa = trimmed ? trimmedZeros(String(parts[0])) : String(parts[0])
    return (value < 0 ? "−" : "") + separated(mantissa, in: language) + "×10" + superscript(exponent)
  }

  /// The format of numbers that belong together: those of a table's column, or a single one in the prose. Whole
  /// numbers have all their digits. Others have as many decimals as four significant digits of the greatest need. The
  /// automatic format, with powers of ten, is for numbers below 10⁻⁶ or from 10¹⁵ on, and for numbers of very
  /// different size.
  package static func common(to numbers: [Double]) -> NumberFormat {
    if numbers.allSatisfy({ $0 == $0.rounded() && abs($0) < 1e15 }) { return .integer }
    let magnitudes = numbers.map(abs).filter { $0 > 0 }
    guard let greatest = magnitudes.max(), let least = magnitudes.min(), greatest < 1e4 * least, least >= 1e-6,
      greatest < 1e15
    else { return .automatic }
    // The exponent after rounding: 9.9996 to four digits is 10.00.
    let parts = String(format: "%.3e", greatest).split(separator: "e")
    return .decimals(max(0, 3 - (parts.count == 2 ? Int(parts[1]) ?? 0 : 0)))
  }

  /// A whole number's digits, perhaps after a minus sign, in groups and with a true minus sign.
  package static func grouped(_ number: String) -> String {
    number.hasPrefix("-") ? "−" + separated(String(number.dropFirst()), in: .english) : separated(number, in: .english)
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

  package static func superscript(_ number: Int) -> String {
    let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    return String(
      String(number).map { character in
        character.wholeNumberValue.map { digits[$0] } ?? "⁻"
      })
  }
}
