/// Keeping labels in one column clear of each other.
enum LabelPlacement {
  /// Moves labels as little as possible (least squares) so that none overlaps another and all are inside the bounds.
  ///
  /// Labels keep the order of their wanted positions. Without the bounds it is an isotonic regression after subtracting what
  /// lies before each label, solved exactly by pooling neighbours that violate the order; the bounds then cut it off, which keeps
  /// the solution optimal.
  ///
  /// - Parameters:
  ///   - centers: Where each label's middle should be.
  ///   - heights: How tall each is, gaps included.
  ///   - bounds: Where all should stay; when they are taller than that together they begin at its start.
  /// - Returns: The middles, in the order given.
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
