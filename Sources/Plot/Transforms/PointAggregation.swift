import Foundation

/// Clouds of so many points that they hide each other, with no more circles than the eye can tell apart.
enum PointAggregation {
  struct Group: Hashable {
    var points: [Point]
    var opacity: Double
  }

  /// Up to 2,000 points stay as they are. Of more, those in one cell of two units become one, as opaque as they would be
  /// together, 1 - (1 - a)ⁿ, rounded to a twentieth.
  static func groups(_ points: [Point], opacity: Double) -> [Group] {
    guard points.count > 2000 else { return points.isEmpty ? [] : [Group(points: points, opacity: opacity)] }
    struct Cell: Hashable {
      var column: Int32
      var row: Int32
    }
    var counts: [Cell: Int] = [:]
    for point in points {
      counts[Cell(column: Int32((point.x / 2).rounded(.down)), row: Int32((point.y / 2).rounded(.down))), default: 0] +=
        1
    }
    var levels: [Int: [Point]] = [:]
    for (cell, count) in counts {
      let joint = 1 - pow(1 - min(opacity, 0.999), Double(count))
      let level = max(1, Int((joint * 20).rounded()))
      levels[level, default: []].append(Point(x: Double(cell.column) * 2 + 1, y: Double(cell.row) * 2 + 1))
    }
    return levels.sorted { $0.key < $1.key }.map { level, points in
      Group(points: points.sorted { ($0.y, $0.x) < ($1.y, $1.x) }, opacity: Double(level) / 20)
    }
  }
}
