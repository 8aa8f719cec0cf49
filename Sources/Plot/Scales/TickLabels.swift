import Foundation

/// The texts of an axis' ticks: all with the same number of decimals, as few as tell them apart.
enum TickLabels {
  static func linear(_ values: [Double], step: Double, format: NumberFormat) -> [String] {
    let needed = decimals(of: step)
    let effective: NumberFormat =
      switch format {
      case .integer: .decimals(needed)
      case .decimals: .decimals(needed)
      case .percent: .percent(max(0, needed - 2))
      case .significant, .text: format
      case .automatic:
        (values.map(abs).max() ?? 0) >= 1e7 || needed > 5 ? .automatic : .decimals(needed)
      }
    return values.map(effective.text)
  }

  static func logarithmic(_ values: [Double], format: NumberFormat) -> [String] {
    guard format == .automatic else {
      return values.map { value in
        if case .percent = format { return NumberFormat.percent(max(0, decimals(of: value) - 2)).text(value) }
        return format.text(value)
      }
    }
    let isPlain = values.allSatisfy { $0 >= 0.9e-4 && $0 < 1e5 }
    return values.map { value in
      if isPlain { return NumberFormat.decimals(decimals(of: value)).text(value) }
      let exponent = NumberFormat.exponent(of: value)
      let factor = (value / pow(10, Double(exponent)) * 100).rounded() / 100
      let power = "10" + NumberFormat.superscript(exponent)
      return factor == 1 ? power : NumberFormat.trimmedZeros(String(factor)) + "×" + power
    }
  }

  /// The decimals that a round number such as 0.025 has.
  static func decimals(of value: Double) -> Int {
    guard value != 0, value.isFinite else { return 0 }
    for count in 0..<15 {
      let scaled = abs(value) * pow(10, Double(count))
      if abs(scaled - scaled.rounded()) < 1e-6 * max(1, scaled), scaled.rounded() > 0 { return count }
    }
    return 15
  }
}
