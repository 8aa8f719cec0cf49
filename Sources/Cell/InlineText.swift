import Foundation
@_spi(Runner) import Plot

/// A value as the report's prose shows it: floating-point numbers with four significant digits, everything else as
/// `print` would show it. For another precision, write a string: `` `{swift} percent(x, 1)` ``.
///
/// Numbers look as they do in tables: a true minus sign, powers of ten as such, "NaN" and "∞".
func inlineText<Value>(_ value: Value) -> String {
  switch value {
  case let number as Double: proseNumber(significant(number))
  case let number as Float: proseNumber(significant(Double(number)))
  case let optional as any OptionalValue: optional.wrapped.map { inlineText($0) } ?? "–"
  case let text as String: proseNumber(text)
  case let number as any BinaryInteger: proseNumber(String(describing: number))
  default: String(describing: value)
  }
}

/// A text that is a number as tables write it: `-1.5e-07` as `−1.5×10⁻⁷`; other texts as they are.
private func proseNumber(_ text: String) -> String {
  switch text {
  case "nan", "-nan": return "NaN"
  case "inf": return "∞"
  case "-inf": return "−∞"
  default: break
  }
  guard let match = text.wholeMatch(of: /(-?)(\d[\d,]*(?:\.\d+)?)(?:[eE]([+-]?\d+))?(\s?%)?/) else { return text }
  let power = match.3.flatMap { Int($0) }.map { "×10" + NumberFormat.superscript($0) } ?? ""
  return (match.1.isEmpty ? "" : "−") + match.2 + power + (match.4 ?? "")
}

private protocol OptionalValue {
  var wrapped: Any? { get }
}

extension Optional: OptionalValue {
  fileprivate var wrapped: Any? { self }
}

/// `number` with so many significant digits and without an exponent where that stays short.
///
/// ```swift
/// significant(0.31522437)      // "0.3152"
/// significant(1234567, 3)      // "1230000"
/// significant(9.996, 3)        // "10.0"
/// ```
public func significant(_ number: Double, _ digits: Int = 4) -> String {
  guard number.isFinite, number != 0 else { return number == 0 ? "0.0" : String(describing: number) }
  let digits = max(1, min(digits, 17))
  // The power of ten counts after rounding: 9.996 becomes 10.0, which has one decimal less.
  let scientific = String(format: "%.\(digits - 1)e", number)
  guard let mark = scientific.firstIndex(of: "e"), let exponent = Int(scientific[scientific.index(after: mark)...]) else {
    return scientific
  }
  if exponent < -5 || exponent > 12 { return scientific }
  if exponent < digits { return String(format: "%.\(digits - 1 - exponent)f", number) }
  // Digits behind those that count are zeros.
  let kept = scientific[..<mark].filter { $0 != "." }
  return kept + String(repeating: "0", count: exponent + 1 - digits)
}

/// A share as a percentage: `percent(0.9276)` is `92.8%`.
public func percent(_ share: Double, _ decimals: Int = 1) -> String {
  fixed(share * 100, decimals) + "%"
}

/// `number` with so many decimals: `fixed(0.31522437, 4)` is `0.3152`. What rounds to zero has no minus sign.
public func fixed(_ number: Double, _ decimals: Int) -> String {
  let text = String(format: "%.\(max(0, min(decimals, 100)))f", number)
  return text.hasPrefix("-") && text.dropFirst().allSatisfy { $0 == "0" || $0 == "." } ? String(text.dropFirst()) : text
}
