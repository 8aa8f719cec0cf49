internal import Basics
import Foundation
internal import Numerics

/// Round values along a logarithmic axis.
struct LogarithmicTicks: Hashable, Sendable {
  var values: [Double]

  /// Powers of ten if at least three are in the range (every nth if there are too many); else 1 and 3, else 1, 2 and
  /// 5 times powers of ten, else evenly spaced values.
  ///
  /// - Parameter count: The wanted number of ticks.
  init(from low: Double, to high: Double, count: Int) {
    let powers = LogarithmicTicks.multiples([1], from: low, to: high)
    if powers.count >= 3 {
      let stride = max(1, Int(clamping: (Double(powers.count) / Double(max(2, count))).rounded(.up)))
      values = powers.filter { Int(clamping: CorrectlyRounded.log10($0).rounded()).isMultiple(of: stride) }
      return
    }
    for factors in [[1.0, 3], [1, 2, 5]] {
      values = LogarithmicTicks.multiples(factors, from: low, to: high)
      if values.count >= 3 { return }
    }
    values = LinearTicks(from: low, to: high, count: min(count, 5), coverage: .inside).values
  }

  private static func multiples(_ factors: [Double], from low: Double, to high: Double) -> [Double] {
    guard low > 0, high >= low, high.isFinite else { return [] }
    let exponents =
      Int(clamping: floor(CorrectlyRounded.log10(low)))...Int(clamping: ceil(CorrectlyRounded.log10(high)))
    var values: [Double] = []
    for exponent in exponents {
      let power = CorrectlyRounded.pow(10, Double(abs(exponent)))
      for factor in factors {
        let value = exponent < 0 ? factor / power : factor * power
        if value >= low * (1 - 1e-9), value <= high * (1 + 1e-9) { values.append(value) }
      }
    }
    return values
  }
}
