/// Rank correlations of two series, which must have the same length.
public enum RankCorrelation {
  /// Spearman's rho: Pearson's correlation of the ranks. Equal values share their mean rank. It is NaN for fewer than
  /// two pairs, and if one series is constant or has a NaN.
  public static func spearmanRho(_ left: [Double], _ right: [Double]) -> Double {
    if left.contains(where: \.isNaN) || right.contains(where: \.isNaN) { return .nan }
    let left = ranks(left)
    let right = ranks(right)
    // The mean of the ranks 1...n is (n + 1) / 2, with or without ties.
    let mean = Double(left.count + 1) / 2
    var product = 0.0
    var leftSquares = 0.0
    var rightSquares = 0.0
    for (x, y) in zip(left, right) {
      product += (x - mean) * (y - mean)
      leftSquares += (x - mean) * (x - mean)
      rightSquares += (y - mean) * (y - mean)
    }
    return product / (leftSquares * rightSquares).squareRoot()
  }

  /// Kendall's tau-b in O(n log n) (Knight, 1966): with the pairs sorted by `left`, the number of discordant pairs is
  /// the number of exchanges that sort `right`. It is NaN for fewer than two pairs, and if one series is
  /// constant or has a NaN.
  public static func kendallTau(_ left: [Double], _ right: [Double]) -> Double {
    if left.contains(where: \.isNaN) || right.contains(where: \.isNaN) { return .nan }
    let order = left.indices.sorted { (left[$0], right[$0]) < (left[$1], right[$1]) }
    let pairs = order.count * (order.count - 1) / 2
    let leftTies = tiedPairs(order) { left[$0] == left[$1] }
    let bothTies = tiedPairs(order) { left[$0] == left[$1] && right[$0] == right[$1] }
    var sorted = order.map { right[$0] }
    let discordant = sortCountingExchanges(&sorted)
    let rightTies = tiedPairs(Array(sorted.indices)) { sorted[$0] == sorted[$1] }
    let difference = Double(pairs - leftTies - rightTies + bothTies - 2 * discordant)
    return difference / (Double(pairs - leftTies).squareRoot() * Double(pairs - rightTies).squareRoot())
  }

  /// The ranks from 1. Equal values share their mean rank.
  static func ranks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      let end = order[start...].firstIndex { values[$0] != values[order[start]] } ?? order.count
      for position in start..<end { ranks[order[position]] = Double(start + 1 + end) / 2 }
      start = end
    }
    return ranks
  }

  /// The number of tied pairs within runs of consecutive elements.
  private static func tiedPairs(_ order: [Int], _ tied: (Int, Int) -> Bool) -> Int {
    var pairs = 0
    var run = 0
    for (previous, next) in zip(order, order.dropFirst()) {
      run = tied(previous, next) ? run + 1 : 0
      pairs += run
    }
    return pairs
  }

  /// A bottom-up merge sort. Returns the number of pairs that were in the wrong order.
  private static func sortCountingExchanges(_ values: inout [Double]) -> Int {
    var exchanges = 0
    var merged = values
    var width = 1
    while width < values.count {
      for start in stride(from: 0, to: values.count, by: 2 * width) {
        let middle = min(start + width, values.count)
        let end = min(start + 2 * width, values.count)
        var low = start
        var high = middle
        for position in start..<end {
          if high == end || (low < middle && values[low] <= values[high]) {
            merged[position] = values[low]
            low += 1
          } else {
            merged[position] = values[high]
            high += 1
            exchanges += middle - low
          }
        }
      }
      swap(&values, &merged)
      width *= 2
    }
    return exchanges
  }
}
