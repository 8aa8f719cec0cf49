internal import Basics
import Foundation
internal import Numerics

/// Aggregates clouds of points that hide each other into circles that the eye can distinguish.
enum PointAggregation {
  struct Group: Hashable {
    var points: [Point]
    var opacity: Double
  }

  /// Up to 2,000 points are unchanged. Of more points, those in one square cell become one with their combined
  /// opacity, 1 - (1 - a)ⁿ, rounded to a twentieth. A cell is one unit wide, or so wide that at most 6,000 points
  /// remain.
  static func groups(_ points: [Point], opacity: Double) -> [Group] {
    guard points.count > 2000 else { return points.isEmpty ? [] : [Group(points: points, opacity: opacity)] }
    var width = 1.0
    var counts = cells(points, width: width)
    while counts.count > 6000 {
      width += 1
      counts = cells(points, width: width)
    }
    var levels: [Int: [Point]] = [:]
    for (cell, count) in counts {
      let joint = 1 - CorrectlyRounded.pow(1 - min(opacity, 0.999), Double(count))
      let center = Point(x: (Double(cell.column) + 0.5) * width, y: (Double(cell.row) + 0.5) * width)
      levels[max(1, Int(clamping: (joint * 20).rounded())), default: []].append(center)
    }
    return levels.sorted { $0.key < $1.key }.map { level, points in
      Group(points: points.sorted { ($0.y, $0.x) < ($1.y, $1.x) }, opacity: Double(level) / 20)
    }
  }

  private struct Cell: Hashable {
    var column: Int32
    var row: Int32
  }

  private static func cells(_ points: [Point], width: Double) -> [Cell: Int] {
    var counts: [Cell: Int] = [:]
    for point in points {
      let cell = Cell(
        column: Int32(clamping: (point.x / width).rounded(.down)),
        row: Int32(clamping: (point.y / width).rounded(.down)))
      counts[cell, default: 0] += 1
    }
    return counts
  }
}
