import Foundation
internal import Numerics

/// Places labels without overlaps.
enum LabelPlacement {
  /// Moves labels of one column as little as possible (by least squares) so that none overlaps another and all are
  /// within the bounds.
  ///
  /// Labels keep the order of their wanted positions. Without the bounds it is an isotonic regression after
  /// subtracting the heights before each label, solved exactly by pooling adjacent violators. Clamping to the bounds
  /// keeps the solution optimal.
  ///
  /// - Parameters:
  ///   - centers: The wanted middle of each label.
  ///   - heights: The height of each label, including gaps.
  ///   - bounds: The range for all labels. If they are taller together, they begin at its start.
  /// - Returns: The middles, in the given order.
  static func spread(centers: [Double], heights: [Double], within bounds: ClosedRange<Double>) -> [Double] {
    let order = centers.indices.sorted { centers[$0] == centers[$1] ? $0 < $1 : centers[$0] < centers[$1] }
    var offsets: [Double] = []
    var total = 0.0
    for label in order {
      offsets.append(total + heights[label] / 2)
      total += heights[label]
    }
    struct Pool {
      var sum: Double
      var count: Int
      var mean: Double { sum / Double(count) }
    }
    var pools: [Pool] = []
    for (position, label) in order.enumerated() {
      pools.append(Pool(sum: centers[label] - offsets[position], count: 1))
      while pools.count > 1, pools[pools.count - 2].mean > pools[pools.count - 1].mean {
        let last = pools.removeLast()
        pools[pools.count - 1].sum += last.sum
        pools[pools.count - 1].count += last.count
      }
    }
    let lowest = bounds.lowerBound
    let highest = max(lowest, bounds.upperBound - total)
    let starts = pools.flatMap { pool in Array(repeating: min(max(pool.mean, lowest), highest), count: pool.count) }
    var result = centers
    for (position, label) in order.enumerated() { result[label] = starts[position] + offsets[position] }
    return result
  }
}

extension LabelPlacement {
  /// A named point.
  struct Item: Hashable {
    var point: Point
    var radius: Double
    var width: Double
    var height: Double
  }

  /// The place of a name.
  struct Place: Hashable {
    var frame: Rectangle
    /// The end of the line from the point; nil for a name directly beside it.
    var foot: Point?
  }

  /// Places names beside their points, without overlapping other names, other points and obstacles: right, left,
  /// above, below, or further away in sixteen directions, the nearest first. Names with the most neighbours choose
  /// first. If no place is free, the one with the least overlap is taken.
  ///
  /// - Parameter marks: Places that names should avoid but may cover.
  static func around(
    _ items: [Item], obstacles: [Rectangle], marks: [Point] = [], within bounds: Rectangle
  ) -> [Place] {
    let points = items.map { item in
      Rectangle(left: item.point.x, top: item.point.y, right: item.point.x, bottom: item.point.y)
        .expanded(by: item.radius + 1)
    }
    let crowding = items.map { item in
      items.count { abs($0.point.x - item.point.x) < item.width && abs($0.point.y - item.point.y) < 3 * item.height }
    }
    let order = items.indices.sorted { (-crowding[$0], $0) < (-crowding[$1], $1) }
    var places = [Place?](repeating: nil, count: items.count)
    var taken = obstacles
    var leaders: [(Point, Point)] = []
    for index in order {
      let others = points.indices.filter { $0 != index }.map { points[$0] }
      func overlap(_ place: Place) -> Double {
        let outside = place.frame.area - place.frame.sharedArea(with: bounds)
        let covered = (taken + others).reduce(0) { $0 + place.frame.sharedArea(with: $1) }
        return 4 * outside + covered
      }
      func cost(_ place: Place, rank: Int) -> Double {
        let names = place.foot.map { foot in taken.count { $0.isCrossed(from: items[index].point, to: foot) } } ?? 0
        let lines = leaders.count { place.frame.isCrossed(from: $0.0, to: $0.1) }
        let hidden = marks.count { place.frame.contains($0) }
        let overlap = overlap(place)
        return (overlap > 0 ? 1000 + 20 * overlap : 0) + 300 * Double(names + lines) + 12 * Double(hidden)
          + 3 * Double(rank)
      }
      let ranked = candidates(for: items[index]).enumerated().map { ($1, cost($1, rank: $0)) }
      guard let best = ranked.min(by: { $0.1 < $1.1 })?.0 else { continue }
      places[index] = best
      taken.append(best.frame)
      if let foot = best.foot { leaders.append((items[index].point, foot)) }
    }
    return zip(places, items).map { place, item in place ?? candidates(for: item)[0] }
  }

  private static func candidates(for item: Item) -> [Place] {
    let (x, y) = (item.point.x, item.point.y)
    let gap = item.radius + 3
    func frame(centerX: Double, centerY: Double) -> Rectangle {
      Rectangle(
        left: centerX - item.width / 2, top: centerY - item.height / 2, right: centerX + item.width / 2,
        bottom: centerY + item.height / 2)
    }
    let beside = item.width / 2 + gap
    let above = item.height / 2 + gap - 2
    var places = [
      (beside, 0), (-beside, 0), (0, -above), (0, above), (beside - 3, -above), (beside - 3, above),
      (-beside + 3, -above), (-beside + 3, above),
    ].map { Place(frame: frame(centerX: x + $0.0, centerY: y + $0.1)) }
    for distance in stride(from: 18.0, through: 120, by: 12) {
      for direction in 0..<16 {
        let angle = Double(direction) * .pi / 8
        let frame = frame(
          centerX: x + CorrectlyRounded.cos(angle) * (distance + item.width / 2),
          centerY: y + CorrectlyRounded.sin(angle) * (distance + item.height / 2))
        let foot = Point(x: min(max(x, frame.left - 2), frame.right + 2), y: min(max(y, frame.top), frame.bottom))
        places.append(Place(frame: frame, foot: foot))
      }
    }
    return places
  }
}
