/// The non-decreasing function that fits targets best by least squares (pool adjacent violators).
///
/// ```swift
/// let calibration = IsotonicRegression(scores, latencies)
/// let milliseconds = calibration.value(0.3)
/// ```
public struct IsotonicRegression: Codable, Hashable, Sendable {
  /// The points, ascending.
  public let points: [Double]
  /// The value at each point, non-decreasing.
  public let values: [Double]

  /// - Parameters:
  ///   - points: The points of the targets. Equal points share the mean of their targets.
  ///   - targets: The target of each point, at least one, finite.
  public init(_ points: [Double], _ targets: [Double]) {
    var blocks: [(sum: Double, count: Double, points: Int)] = []
    var distinct: [Double] = []
    for index in points.indices.sorted(by: { (points[$0], $0) < (points[$1], $1) }) {
      if distinct.last == points[index] {
        blocks[blocks.count - 1].sum += targets[index]
        blocks[blocks.count - 1].count += 1
      } else {
        distinct.append(points[index])
        blocks.append((targets[index], 1, 1))
      }
    }
    var pooled: [(sum: Double, count: Double, points: Int)] = []
    for block in blocks {
      pooled.append(block)
      while pooled.count > 1 {
        let last = pooled[pooled.count - 1]
        let before = pooled[pooled.count - 2]
        guard before.sum / before.count >= last.sum / last.count else { break }
        pooled.removeLast()
        pooled[pooled.count - 1] = (before.sum + last.sum, before.count + last.count, before.points + last.points)
      }
    }
    self.points = distinct
    values = pooled.flatMap { Array(repeating: $0.sum / $0.count, count: $0.points) }
  }

  /// The function's value: linear between known points, and the nearest value beyond them; NaN without any points.
  public func value(_ point: Double) -> Double {
    guard let first = points.first, let last = points.last else { return .nan }
    if point <= first { return values[0] }
    if point >= last { return values[values.count - 1] }
    var low = 0
    var high = points.count - 1
    while high - low > 1 {
      let middle = (low + high) / 2
      if points[middle] <= point { low = middle } else { high = middle }
    }
    let share = (point - points[low]) / (points[high] - points[low])
    return values[low] + share * (values[high] - values[low])
  }
}
