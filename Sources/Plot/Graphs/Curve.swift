/// Curves as points so close to each other that they look smooth.
enum Curve {
  private static let steps = 14

  /// A curve from one point down to another that is vertical at both; without the first point.
  static func vertical(from start: Point, to end: Point) -> [Point] {
    guard abs(start.x - end.x) > 0.05 else { return [end] }
    let reach = 0.5 * (end.y - start.y)
    return cubic(
      start, Point(x: start.x, y: start.y + reach), Point(x: end.x, y: end.y - reach), end)
  }

  /// A line with rounded corners; without the first point.
  static func rounded(_ points: [Point], radius: Double) -> [Point] {
    guard points.count > 2 else { return Array(points.dropFirst()) }
    var result: [Point] = []
    for index in 1..<(points.count - 1) {
      let (before, corner, after) = (points[index - 1], points[index], points[index + 1])
      let start = toward(before, from: corner, by: radius)
      let end = toward(after, from: corner, by: radius)
      result.append(start)
      result += cubic(
        start, toward(corner, from: start, by: 0.55 * radius), toward(corner, from: end, by: 0.55 * radius), end)
    }
    return result + [points[points.count - 1]]
  }

  /// - Returns: A point no further than the middle.
  private static func toward(_ target: Point, from start: Point, by distance: Double) -> Point {
    let (dx, dy) = (target.x - start.x, target.y - start.y)
    let length = (dx * dx + dy * dy).squareRoot()
    guard length > 0 else { return start }
    let share = min(distance / length, 0.5)
    return Point(x: start.x + dx * share, y: start.y + dy * share)
  }

  private static func cubic(_ a: Point, _ b: Point, _ c: Point, _ d: Point) -> [Point] {
    (1...steps).map { step in
      let t = Double(step) / Double(steps)
      let s = 1 - t
      let weights = (s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t)
      return Point(
        x: weights.0 * a.x + weights.1 * b.x + weights.2 * c.x + weights.3 * d.x,
        y: weights.0 * a.y + weights.1 * b.y + weights.2 * c.y + weights.3 * d.y)
    }
  }
}
