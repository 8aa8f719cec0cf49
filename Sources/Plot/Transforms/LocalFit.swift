internal import Basics
import Foundation

/// A curve through a cloud of points by local linear regression: at each place a line through the nearest points,
/// with weights (1 - d³)³ by their distance, which is fitted again with less weight for outliers.
///
/// It is LOWESS by W. S. Cleveland, Robust Locally Weighted Regression and Smoothing Scatterplots, 1979, evaluated on
/// a grid.
public struct LocalFit: Codable, Hashable, Sendable {
  /// Evenly spaced places from the least to the greatest x.
  public var x: [Double]
  public var y: [Double]

  /// - Parameters:
  ///   - span: The fraction of points that the line at a place is fitted to.
  ///   - count: The number of places of the curve.
  ///   - rounds: The number of rounds that reweight outliers; 0 for a least squares fit.
  public init(x: [Double], y: [Double], span: Double = 0.5, count: Int = 60, rounds: Int = 2) {
    let points = zip(x, y).filter { $0.isFinite && $1.isFinite }.sorted { ($0.0, $0.1) < ($1.0, $1.1) }
    guard let first = points.first, let last = points.last, last.0 > first.0, points.count > 2 else {
      (self.x, self.y) = (points.map(\.0), points.map(\.1))
      return
    }
    let (xs, ys) = (points.map(\.0), points.map(\.1))
    let places = (0..<max(2, count)).map { first.0 + (last.0 - first.0) * Double($0) / Double(max(2, count) - 1) }
    let nearest = max(3, min(xs.count, Int(clamping: (span * Double(xs.count)).rounded(.up))))
    var robustness = Array(repeating: 1.0, count: xs.count)
    var curve: [Double] = []
    for round in 0...max(0, rounds) {
      curve = Self.curve(xs: xs, ys: ys, robustness: robustness, places: places, nearest: nearest)
      guard round < rounds else { break }
      let residuals = xs.indices.map { abs(ys[$0] - Self.interpolated(xs[$0], places: places, curve: curve)) }
      let scale = 6 * (Quantiles(residuals).median ?? 0)
      // The residuals of points on a line are only rounding errors.
      guard scale > 1e-9 * (ys.map(abs).max() ?? 0) else { break }
      robustness = residuals.map { residual in
        let share = residual / scale
        return share < 1 ? (1 - share * share) * (1 - share * share) : 0
      }
    }
    (self.x, self.y) = (places, curve)
  }

  private static func curve(
    xs: [Double], ys: [Double], robustness: [Double], places: [Double], nearest: Int
  ) -> [Double] {
    var start = 0
    return places.map { place in
      // The window of the nearest points moves to the right with the place.
      while start + nearest < xs.count, xs[start + nearest] - place < place - xs[start] { start += 1 }
      let window = start..<(start + nearest)
      let reach = max(place - xs[window.lowerBound], xs[window.upperBound - 1] - place) * 1.000_001
      var (sum, sumX, sumY, sumXX, sumXY) = (0.0, 0.0, 0.0, 0.0, 0.0)
      for index in window {
        let offset = xs[index] - place
        let distance = reach > 0 ? abs(offset) / reach : 0
        guard distance < 1 else { continue }
        let cube = 1 - distance * distance * distance
        let weight = cube * cube * cube * robustness[index]
        sum += weight
        sumX += weight * offset
        sumY += weight * ys[index]
        sumXX += weight * offset * offset
        sumXY += weight * offset * ys[index]
      }
      guard sum > 0 else { return Quantiles(ys[window]).median ?? .nan }
      let determinant = sum * sumXX - sumX * sumX
      // If all weight is on one x, there is no slope.
      guard determinant > 1e-12 * sum * sumXX else { return sumY / sum }
      return (sumXX * sumY - sumX * sumXY) / determinant
    }
  }

  /// The curve's value between its places, interpolated.
  static func interpolated(_ x: Double, places: [Double], curve: [Double]) -> Double {
    guard let first = places.first, places.count > 1 else { return .nan }
    let step = places[1] - first
    let place = max(0, min(Double(places.count - 1), (x - first) / step))
    let below = min(Int(place), places.count - 2)
    return curve[below] + (place - Double(below)) * (curve[below + 1] - curve[below])
  }
}
