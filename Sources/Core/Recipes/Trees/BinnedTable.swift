/// A table of numbers with each column cut into at most 256 ranges (bins), on which trees are grown.
///
/// A column with at most 256 distinct values has a bin for each, and thresholds halfway between neighbours, so that
/// trees are the same as on the numbers. Other columns are cut at quantiles.
struct BinnedTable {
  let rowCount: Int
  let columnCount: Int
  /// The bin of each row, column by column.
  let bins: [UInt8]
  /// For each column the upper ends of all bins but the last, ascending.
  let thresholds: [[Double]]

  static let mostBins = 256

  init(_ rows: [[Double]]) {
    rowCount = rows.count
    columnCount = rows.first?.count ?? 0
    var bins: [UInt8] = []
    bins.reserveCapacity(rowCount * columnCount)
    var thresholds: [[Double]] = []
    for column in 0..<columnCount {
      let values = rows.map { $0[column] }
      let cuts = Self.thresholds(values)
      thresholds.append(cuts)
      bins += values.map { UInt8(Self.bin($0, cuts)) }
    }
    self.bins = bins
    self.thresholds = thresholds
  }

  private static func thresholds(_ values: [Double]) -> [Double] {
    let sorted = values.sorted()
    var distinct: [Double] = []
    for value in sorted where distinct.last != value { distinct.append(value) }
    if distinct.count <= mostBins { return zip(distinct, distinct.dropFirst()).map { ($0 + $1) / 2 } }
    var cuts: [Double] = []
    for part in 1..<mostBins {
      let place = part * sorted.count / mostBins
      let cut = (sorted[place - 1] + sorted[place]) / 2
      if cut > cuts.last ?? -.infinity, cut < sorted[sorted.count - 1] { cuts.append(cut) }
    }
    return cuts
  }

  /// The number of thresholds below a value.
  static func bin(_ value: Double, _ thresholds: [Double]) -> Int {
    var low = 0
    var high = thresholds.count
    while low < high {
      let middle = (low + high) / 2
      if value > thresholds[middle] { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
