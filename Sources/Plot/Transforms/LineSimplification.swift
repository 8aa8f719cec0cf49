/// Simplifies lines to points that the eye can distinguish.
enum LineSimplification {
  /// If a line has many points per unit, only the first, last, lowest and highest of each half unit are kept (M4: U.
  /// Jugel and others, 2014). Then points whose distance from the line without them is below the tolerance are left
  /// out (Douglas and Peucker, 1973).
  ///
  /// - Parameter points: The points in the order of the line, in logical units, all finite.
  static func simplified(_ points: [Point], tolerance: Double) -> [Point] {
    douglasPeucker(columnExtremes(points), tolerance: tolerance)
  }

  private static func columnExtremes(_ points: [Point]) -> [Point] {
    guard points.count > 1000 else { return points }
    var result: [Point] = []
    var start = 0
    while start < points.count {
      let column = (points[start].x * 2).rounded(.down)
      var end = start
      var low = start
      var high = start
      while end < points.count, (points[end].x * 2).rounded(.down) == column {
        if points[end].y < points[low].y { low = end }
        if points[end].y > points[high].y { high = end }
        end += 1
      }
      var last = -1
      for position in [start, min(low, high), max(low, high), end - 1] where position > last {
        result.append(points[position])
        last = position
      }
      start = end
    }
    return result
  }

  private static func douglasPeucker(_ points: [Point], tolerance: Double) -> [Point] {
    guard points.count > 2 else { return points }
    var isKept = Array(repeating: false, count: points.count)
    isKept[0] = true
    isKept[points.count - 1] = true
    var spans = [(0, points.count - 1)]
    while let (first, last) = spans.popLast() {
      guard last - first > 1 else { continue }
      let (a, b) = (points[first], points[last])
      let length = ((b.x - a.x) * (b.x - a.x) + (b.y - a.y) * (b.y - a.y)).squareRoot()
      var furthest = (position: first, distance: -1.0)
      for position in (first + 1)..<last {
        let p = points[position]
        let distance =
          length < 1e-9
          ? ((p.x - a.x) * (p.x - a.x) + (p.y - a.y) * (p.y - a.y)).squareRoot()
          : abs((b.x - a.x) * (a.y - p.y) - (a.x - p.x) * (b.y - a.y)) / length
        if distance > furthest.distance { furthest = (position, distance) }
      }
      guard furthest.distance > tolerance else { continue }
      isKept[furthest.position] = true
      spans.append((first, furthest.position))
      spans.append((furthest.position, last))
    }
    return points.indices.filter { isKept[$0] }.map { points[$0] }
  }
}
