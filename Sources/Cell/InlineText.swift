internal import Basics
import Foundation
import Plot

/// A value as the report's prose shows it: floating-point numbers with four significant digits, everything else as
/// `print` would show it. For another precision, write a string: `` `{swift} percent(x, 1)` ``.
func inlineText<Value>(_ value: Value) -> String {
  switch value {
  case let number as Double: significant(number)
  case let number as Float: significant(Double(number))
  case let optional as any OptionalValue: optional.wrapped.map { inlineText($0) } ?? "–"
  default: String(describing: value)
  }
}

private protocol OptionalValue {
  var wrapped: Any? { get }
}

extension Optional: OptionalValue {
  fileprivate var wrapped: Any? { self }
}
