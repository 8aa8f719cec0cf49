internal import Basics
import Foundation
import Plot

/// A value as text in the report's prose. A number looks as it would alone in a column of a table: with four
/// significant digits and all digits before the point, grouped from 10,000 on, whole numbers in full; with a true minus
/// sign, powers of ten, "NaN" and "∞". Everything else is as `print` writes it. For another precision, write a string:
/// `` `{swift} percent(x, 1)` ``.
func inlineText<Value>(_ value: Value) -> String {
  switch value {
  case let number as Double: tableNumber(number)
  case let number as Float: tableNumber(Double(number))
  case let optional as any OptionalValue: optional.wrapped.map { inlineText($0) } ?? "–"
  case let text as String: proseNumber(text)
  case let number as any BinaryInteger: NumberFormat.grouped(String(describing: number))
  default: String(describing: value)
  }
}

private func tableNumber(_ number: Double) -> String {
  NumberFormat.common(to: number.isFinite ? [number] : []).text(number)
}

/// A number's text in the notation of tables: `−1.5×10⁻⁷` for `-1.5e-07`. Other text is unchanged.
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
