internal import Basics
import Foundation

/// `number` with so many significant digits and without an exponent where that stays short.
///
/// ```swift
/// significant(0.31522437)      // "0.3152"
/// significant(1234567, 3)      // "1230000"
/// ```
public func significant(_ number: Double, _ digits: Int = 4) -> String {
  guard number.isFinite, number != 0 else { return String(describing: number) }
  let exponent = Int(clamping: log10(abs(number)).rounded(.down))
  if exponent < -5 || exponent > 12 { return String(format: "%.\(max(0, digits - 1))e", number) }
  let decimals = max(0, digits - 1 - exponent)
  let step = pow(10, Double(max(0, exponent + 1 - digits)))
  return String(format: "%.\(decimals)f", decimals > 0 ? number : (number / step).rounded() * step)
}

/// A share as a percentage: `percent(0.9276)` is `92.8%`.
public func percent(_ share: Double, _ decimals: Int = 1) -> String {
  String(format: "%.\(decimals)f%%", share * 100)
}

/// `number` with so many decimals: `fixed(0.31522437, 4)` is `0.3152`.
public func fixed(_ number: Double, _ decimals: Int) -> String {
  String(format: "%.\(decimals)f", number)
}
