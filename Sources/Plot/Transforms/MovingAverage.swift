import Foundation
internal import Numerics

/// An exponentially weighted moving average without the pull towards zero at its start: m ← βm + (1 - β)v, divided by
/// 1 - βᵗ (Kingma and Ba, 2015, section 3).
///
/// Values that are not finite stay as they are and leave the average unchanged.
///
/// - Parameter weight: β, the weight of the past: from 0 (no smoothing) to below 1.
public func movingAverage(_ values: some Sequence<Double>, weight: Double) -> [Double] {
  let weight = max(0, min(weight, 0.9999))
  var mean = 0.0
  var remaining = 1.0
  return values.map { value in
    guard value.isFinite else { return value }
    mean = weight * mean + (1 - weight) * value
    remaining *= weight
    return mean / (1 - remaining)
  }
}

/// The mean of a moving average from the start and one from the end: as smooth, but without lagging behind the values.
public func centeredMovingAverage(_ values: some Sequence<Double>, weight: Double) -> [Double] {
  let values = Array(values)
  let forward = movingAverage(values, weight: weight)
  let backward = movingAverage(values.reversed(), weight: weight).reversed()
  return zip(forward, backward).map { ($0 + $1) / 2 }
}

/// The weight of a moving average that suits a line of so many values: it spans a fortieth of them, none below fifty.
func smoothingWeight(count: Int) -> Double {
  guard count >= 50 else { return 0 }
  return 1 - 2 / (Double(count) / 40 + 1)
}

extension Double {
  /// The decimal logarithm, NaN where there is none.
  var logarithm: Double { self > 0 && isFinite ? CorrectlyRounded.log10(self) : .nan }

  var exponential: Double { CorrectlyRounded.pow(10, self) }
}
