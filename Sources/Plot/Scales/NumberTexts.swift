import Foundation

/// `number` with this many significant digits, and without an exponent if it stays short.
///
/// ```swift
/// significant(0.31522437)      // "0.3152"
/// significant(1234567, 3)      // "1230000"
/// significant(9.996, 3)        // "10.0"
/// ```
public func significant(_ number: Double, _ digits: Int = 4) -> String {
  guard number.isFinite, number != 0 else { return number == 0 ? "0.0" : String(describing: number) }
  let digits = max(1, min(digits, 17))
  // The power of ten is determined after rounding: 9.996 becomes 10.0, which has one decimal less.
  let scientific = String(format: "%.\(digits - 1)e", number)
  guard let mark = scientific.firstIndex(of: "e"), let exponent = Int(scientific[scientific.index(after: mark)...])
  else { return scientific }
  if exponent < -5 || exponent > 12 { return scientific }
  if exponent < digits { return String(format: "%.\(digits - 1 - exponent)f", number) }
  // The digits after the significant ones are zeros.
  return scientific[..<mark].filter { $0 != "." } + String(repeating: "0", count: exponent + 1 - digits)
}

/// A fraction as a percentage: `percent(0.9276)` is `92.8%`, and `percent(.nan)` is `nan`.
public func percent(_ share: Double, _ decimals: Int = 1) -> String {
  share.isFinite ? fixed(share * 100, decimals) + "%" : fixed(share, decimals)
}

/// `number` with this many decimals: `fixed(0.31522437, 4)` is `0.3152`. A number that rounds to zero has no minus
/// sign.
public func fixed(_ number: Double, _ decimals: Int) -> String {
  let text = String(format: "%.\(max(0, min(decimals, 100)))f", number)
  return text.hasPrefix("-") && text.dropFirst().allSatisfy { $0 == "0" || $0 == "." } ? String(text.dropFirst()) : text
}
