import Foundation
internal import Numerics

/// An exponentially weighted moving average with bias correction: m ← βm + (1 - β)v, divided by 1 - βᵗ (Kingma and
/// Ba, 2015, section 3).
///
/// Values that are not finite stay unchanged and don't affect the average.
///
/// - Parameter weight: The weight β of the past, from 0 (no smoothing) to below 1.
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

/// The mean of a moving average from the start and one from the end. It is as smooth but doesn't lag behind the
/// values.
public func centeredMovingAverage(_ values: some Sequence<Double>, weight: Double) -> [Double] {
  let values = Array(values)
  let forward = movingAverage(values, weight: weight)
  let backward = movingAverage(values.reversed(), weight: weight).reversed()
  return zip(forward, backward).map { ($0 + $1) / 2 }
}

/// The weight of a moving average for a line with this many values: it spans a fortieth of them, and is 0 below fifty
/// values.
func smoothingWeight(count: Int) -> Double {
  guard count >= 50 else { return 0 }
  return 1 - 2 / (Double(count) / 40 + 1)
}

extension Double {
  /// The decimal logarithm; NaN if it doesn't exist.
  var logarithm: Double { self > 0 && isFinite ? CorrectlyRounded.log10(self) : .nan }

  var exponential: Double { CorrectlyRounded.pow(10, self) }
}
