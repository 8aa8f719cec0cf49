internal import Basics
import Foundation
internal import Numerics

/// A kernel density estimate: the mean of normal densities, one around each value.
///
/// ```swift
/// let curve = KernelDensity(latencies)   // curve.x, curve.density
/// ```
public struct KernelDensity: Codable, Hashable, Sendable {
  /// Evenly spaced places from three bandwidths before the least value to three bandwidths beyond the greatest.
  public var x: [Double]
  /// The estimated density at each place; the area under it is 1.
  public var density: [Double]
  /// The standard deviation of the normal densities.
  public var bandwidth: Double

  /// The estimate for all finite values. They are first counted on a grid four times as fine as the result (linear
  /// binning).
  ///
  /// - Parameters:
  ///   - bandwidth: The bandwidth; nil for Silverman's rule, 0.9 min(s, IQR / 1.34) n^(-1/5) (Density Estimation,
  ///     1986, section 3.4.2).
  ///   - range: The range of the estimate; nil for the range around all values. Density beyond its ends is left out.
  public init(
    _ values: some Sequence<Double>, bandwidth: Double? = nil, range: ClosedRange<Double>? = nil, count: Int = 128
  ) {
    let quantiles = Quantiles(values)
    guard let least = quantiles.sorted.first, let greatest = quantiles.sorted.last else {
      (x, density, self.bandwidth) = ([], [], 0)
      return
    }
    let magnitude = max(abs(least), abs(greatest))
    let wanted = bandwidth.flatMap { $0 > 0 ? $0 : nil } ?? KernelDensity.bandwidth(quantiles)
    let bandwidth = wanted > 0 ? wanted : max(magnitude * 0.01, 1e-12)
    self.bandwidth = bandwidth
    let low = range?.lowerBound ?? least - 3 * bandwidth
    let high = max(range?.upperBound ?? greatest + 3 * bandwidth, low + bandwidth)
    let fineCount = 4 * max(2, count)
    let step = (high - low) / Double(fineCount)
    var weights = Array(repeating: 0.0, count: fineCount + 1)
    for value in quantiles.sorted {
      let place = (value - low) / step
      guard place >= 0, place <= Double(fineCount) else { continue }
      let below = min(Int(clamping: place), fineCount - 1)
      weights[below] += Double(below + 1) - place
      weights[below + 1] += place - Double(below)
    }
    let reach = min(fineCount, Int(clamping: (4 * bandwidth / step).rounded(.up)))
    let scale = 1 / (bandwidth * (2 * .pi).squareRoot() * Double(quantiles.sorted.count))
    let kernel = (0...reach).map { offset in
      let distance = Double(offset) * step / bandwidth
      return scale * CorrectlyRounded.exp(-0.5 * distance * distance)
    }
    x = stride(from: 0, through: fineCount, by: 4).map { low + Double($0) * step }
    density = stride(from: 0, through: fineCount, by: 4).map { center in
      var sum = 0.0
      for place in max(0, center - reach)...min(fineCount, center + reach) where weights[place] > 0 {
        sum += weights[place] * kernel[abs(place - center)]
      }
      return sum
    }
  }

  /// Silverman's bandwidth; 0 for equal values.
  static func bandwidth(_ quantiles: Quantiles) -> Double {
    let deviation = quantiles.standardDeviation
    let robust = quantiles.interquartileRange / 1.34
    let spread = robust > 0 ? min(deviation, robust) : deviation
    return 0.9 * spread * CorrectlyRounded.pow(Double(max(1, quantiles.sorted.count)), -0.2)
  }
}
