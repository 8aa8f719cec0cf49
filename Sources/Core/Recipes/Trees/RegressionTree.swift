/// A binary tree of thresholds on columns, with a value in each leaf.
struct RegressionTree: Hashable, Sendable {
  /// The nodes in preorder. The left child of a node is the next one.
  var nodes: [Node] = []

  struct Node: Hashable, Sendable {
    /// The column that the node compares; nil for a leaf.
    var column: Int32?
    /// The threshold: values up to it go left.
    var threshold: Double = 0
    /// The index of the right child.
    var right: Int32 = 0
    /// The value of a leaf.
    var value: Float = 0
  }

  func value(_ row: [Double]) -> Double {
    row.withUnsafeBufferPointer { row in
      nodes.withUnsafeBufferPointer { nodes in
        var node = 0
        while let column = nodes[node].column {
          node = row[Int(column)] <= nodes[node].threshold ? node + 1 : Int(nodes[node].right)
        }
        return Double(nodes[node].value)
      }
    }
  }
}

/// Grows trees.
struct TreeGrowth: Codable, Hashable, Sendable {
  var mostDepth: Int
  /// The least number of samples of a leaf.
  var leafSamples: Int
  /// The number of non-constant columns that are considered for each split; nil for all.
  var columnsPerSplit: Int?
  /// The number that is added to the number of samples when a leaf's value is computed.
  var penalty: Double = 0
}

extension TreeGrowth {
  /// Grows a tree that predicts `targets` of the given samples, which may be repeated. Of equally good splits the
  /// first is taken.
  func tree(
    _ table: BinnedTable, targets: [Double], samples: [Int32], using random: inout some RandomNumberGenerator
  ) -> RegressionTree {
    var growing = GrowingTree(growth: self, table: table, targets: targets, samples: samples)
    growing.grow(0..<samples.count, depth: 0, using: &random)
    return growing.tree
  }
}

private struct GrowingTree {
  let growth: TreeGrowth
  let table: BinnedTable
  let targets: [Double]
  var samples: [Int32]
  var tree = RegressionTree()
  private var sums = [Double](repeating: 0, count: BinnedTable.mostBins)
  private var counts = [Int32](repeating: 0, count: BinnedTable.mostBins)
  private var columns: [Int]

  init(growth: TreeGrowth, table: BinnedTable, targets: [Double], samples: [Int32]) {
    self.growth = growth
    self.table = table
    self.targets = targets
    self.samples = samples
    columns = (0..<table.columnCount).filter { !table.thresholds[$0].isEmpty }
  }

  private struct Cut {
    var column: Int
    var bin: Int
    var score: Double
  }

  /// Appends the node of some samples and its descendants.
  mutating func grow(_ range: Range<Int>, depth: Int, using random: inout some RandomNumberGenerator) {
    let sum = samples[range].reduce(0) { $0 + targets[Int($1)] }
    let place = tree.nodes.count
    tree.nodes.append(
      RegressionTree.Node(value: Float(sum / max(Double(range.count) + growth.penalty, 1e-9))))
    guard depth < growth.mostDepth, range.count >= 2 * max(growth.leafSamples, 1),
      let cut = best(range, sum: sum, using: &random)
    else { return }
    // The order is kept within both parts.
    let start = cut.column * table.rowCount
    var left: [Int32] = []
    var right: [Int32] = []
    for sample in samples[range] {
      if Int(table.bins[start + Int(sample)]) <= cut.bin { left.append(sample) } else { right.append(sample) }
    }
    samples.replaceSubrange(range, with: left + right)
    let middle = range.lowerBound + left.count
    grow(range.lowerBound..<middle, depth: depth + 1, using: &random)
    tree.nodes[place] = RegressionTree.Node(
      column: Int32(cut.column), threshold: table.thresholds[cut.column][cut.bin], right: Int32(tree.nodes.count))
    grow(middle..<range.upperBound, depth: depth + 1, using: &random)
  }

  private mutating func best(
    _ range: Range<Int>, sum: Double, using random: inout some RandomNumberGenerator
  ) -> Cut? {
    let count = Double(range.count)
    let parent = sum * sum / (count + growth.penalty)
    var best: Cut?
    var looked = 0
    for index in columns.indices {
      if let most = growth.columnsPerSplit {
        if looked >= most { break }
        columns.swapAt(index, Int.random(in: index..<columns.count, using: &random))
      }
      guard let cut = cut(columns[index], range, sum: sum) else { continue }
      looked += 1
      if cut.score > (best?.score ?? parent + 1e-12 * abs(parent)) { best = cut }
    }
    return best
  }

  /// The best threshold of a column; nil if all samples have the same value.
  private mutating func cut(_ column: Int, _ range: Range<Int>, sum: Double) -> Cut? {
    let binCount = table.thresholds[column].count + 1
    let start = column * table.rowCount
    let growth = growth
    return sums.withUnsafeMutableBufferPointer { sums in
      counts.withUnsafeMutableBufferPointer { counts in
        for bin in 0..<binCount {
          sums[bin] = 0
          counts[bin] = 0
        }
        table.bins.withUnsafeBufferPointer { bins in
          targets.withUnsafeBufferPointer { targets in
            samples.withUnsafeBufferPointer { samples in
              for place in range {
                let sample = Int(samples[place])
                let bin = Int(bins[start + sample])
                sums[bin] += targets[sample]
                counts[bin] += 1
              }
            }
          }
        }
        let total = Int32(range.count)
        let least = Int32(max(growth.leafSamples, 1))
        var left = 0.0
        var leftCount: Int32 = 0
        var best: Cut?
        var isConstant = true
        for bin in 0..<binCount - 1 {
          if counts[bin] == 0 { continue }
          left += sums[bin]
          leftCount += counts[bin]
          if leftCount == total { break }
          isConstant = false
          let rightCount = total - leftCount
          guard leftCount >= least, rightCount >= least else { continue }
          let right = sum - left
          let score =
            left * left / (Double(leftCount) + growth.penalty) + right * right / (Double(rightCount) + growth.penalty)
          if score > best?.score ?? -.infinity { best = Cut(column: column, bin: bin, score: score) }
        }
        if isConstant { return nil }
        return best ?? Cut(column: column, bin: 0, score: -.infinity)
      }
    }
  }
}
