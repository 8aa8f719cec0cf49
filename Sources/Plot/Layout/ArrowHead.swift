/// The arrow head at the end of a line.
struct ArrowHead {
  var length: Double

  /// The three corners of the head, with its tip at the line's end; nil for a line without direction.
  func head(of line: [Point]) -> [Point]? {
    guard let end = line.last, let start = base(of: line) else { return nil }
    let (dx, dy) = (end.x - start.x, end.y - start.y)
    let distance = (dx * dx + dy * dy).squareRoot()
    guard distance > 0 else { return nil }
    let (ux, uy) = (dx / distance, dy / distance)
    let foot = Point(x: end.x - ux * length, y: end.y - uy * length)
    let half = 0.42 * length
    return [
      end, Point(x: foot.x - uy * half, y: foot.y + ux * half), Point(x: foot.x + uy * half, y: foot.y - ux * half),
    ]
  }

  /// The line without the part below its head, so that its end doesn't blunt the tip.
  func shortened(_ line: [Point]) -> [Point] {
    guard let end = line.last, let start = base(of: line) else { return line }
    let (dx, dy) = (end.x - start.x, end.y - start.y)
    let distance = (dx * dx + dy * dy).squareRoot()
    guard distance > 0 else { return line }
    let cut = 0.8 * length
    var kept = line.dropLast()
    while let last = kept.last, kept.count > 1, Self.distance(last, end) < cut { kept.removeLast() }
    return Array(kept) + [Point(x: end.x - dx / distance * cut, y: end.y - dy / distance * cut)]
  }

  /// The last point of the line that is at least a head's length from its end, or its start.
  private func base(of line: [Point]) -> Point? {
    guard line.count > 1, let end = line.last else { return nil }
    return line.dropLast().last { Self.distance($0, end) >= length } ?? line.first
  }

  private static func distance(_ a: Point, _ b: Point) -> Double {
    ((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y)).squareRoot()
  }
}
