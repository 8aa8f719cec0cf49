import Foundation
internal import Numerics

/// The labels of an axis' ticks: all have the same number of decimals, the least that writes their values exactly.
enum TickLabels {
  static func linear(_ values: [Double], step: Double, format: NumberFormat) -> [Phrase] {
    // The values count too: steps of 0.5 from 0.25 on need two decimals.
    let needed = ([step] + values).map { decimals(of: $0, within: step) }.max() ?? 0
    let greatest = values.map(abs).max() ?? 0
    let effective: NumberFormat =
      switch format {
      case .integer, .decimals: .decimals(needed)
      case .percent: .percent(max(0, needed - 2))
      case .significant(let digits), .trimmed(let digits):
        .trimmed(max(digits, significantDigits(of: values, step: step)))
      case .automatic, .text:
        greatest < 1e7 && needed <= 5 ? .decimals(needed) : .trimmed(significantDigits(of: values, step: step))
      }
    return values.map { .number($0, effective) }
  }

  static func logarithmic(_ values: [Double], format: NumberFormat) -> [Phrase] {
    if case .percent = format {
      return values.map { .number($0, .percent(max(0, decimals(of: $0) - 2))) }
    }
    let isPlain = values.allSatisfy { $0 >= 0.9e-4 && $0 < 1e5 }
    return values.map { value in
      if isPlain { return .number(value, .decimals(decimals(of: value))) }
      let exponent = NumberFormat.exponent(of: value)
      let factor = value / CorrectlyRounded.pow(10, Double(exponent))
      let power = "10" + NumberFormat.superscript(exponent)
      guard abs(factor - 1) > 1e-9 else { return .words(power) }
      return Phrase(.timesPower, .number(factor, .decimals(decimals(of: factor))), .phrase(.words(power)))
    }
  }

  /// The number of decimals of a round number such as 0.025.
  ///
  /// - Parameter scale: A distance of which a billionth is negligible; nil for the number itself.
  static func decimals(of value: Double, within scale: Double? = nil) -> Int {
    guard value != 0, value.isFinite else { return 0 }
    let nothing = 1e-9 * (scale.map(abs) ?? abs(value))
    for count in 0..<15 {
      let power = CorrectlyRounded.pow(10, Double(count))
      let rounded = (value * power).rounded() / power
      if abs(rounded - value) <= nothing, scale != nil || rounded != 0 { return count }
    }
    return 15
  }

  /// The number of digits that writes all values exactly, up to a millionth of a step.
  private static func significantDigits(of values: [Double], step: Double) -> Int {
    func isTold(_ value: Double, by count: Int) -> Bool {
      guard value != 0, value.isFinite else { return true }
      let unit = CorrectlyRounded.pow(10, Double(NumberFormat.exponent(of: value) - count + 1))
      return abs((value / unit).rounded() * unit - value) <= max(1e-6 * step, 1e-14 * abs(value))
    }
    return (1...15).first { count in values.allSatisfy { isTold($0, by: count) } } ?? 15
  }
}
