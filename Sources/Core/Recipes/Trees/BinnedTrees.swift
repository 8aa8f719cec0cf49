/// Trees in a form that many rows pass quickly: all nodes are in one array, and each value of a row is replaced by the
/// number of its bin (`BinnedTable.bin`).
///
/// A value is at most a threshold exactly if its bin is at most the threshold's number, so a row reaches the same leaf
/// as by `RegressionTree.value`.
struct BinnedTrees: Hashable, Sendable {
  /// The nodes, tree by tree. Both children of a node are neighbours. A leaf is its own child, so that a row which has
  /// reached it stays there while others go on.
  private var nodes: [Node] = []
  /// The value of each node if it is a leaf, else 0.
  private var values: [Float] = []
  /// The index of each tree's root.
  private var roots: [Int] = []
  private let thresholds: [[Double]]

  private struct Node: Hashable, Sendable {
    /// The index of the left child. The right one follows it.
    var left: UInt32 = 0
    /// The column times 256, plus the number of the threshold. A leaf has 255 there, and no bin is greater.
    var question: UInt32 = 255
  }

  /// The number of rows that go through a tree together. The processor waits for the memory of all of them at once.
  private static let lanes = 8

  /// - Parameter thresholds: The thresholds of each column, at most 255, ascending. All trees use these.
  init(_ trees: [RegressionTree], thresholds: [[Double]]) {
    self.thresholds = thresholds
    let count = trees.reduce(0) { $0 + $1.nodes.count }
    nodes.reserveCapacity(count)
    values.reserveCapacity(count)
    for tree in trees {
      roots.append(nodes.count)
      append(tree)
    }
  }

  private mutating func append(_ tree: RegressionTree) {
    // Nodes that have a place but no content yet.
    var open = [(node: 0, place: nodes.count)]
    reserve(1)
    while let (node, place) = open.popLast() {
      let old = tree.nodes[node]
      guard let column = old.column else {
        nodes[place].left = UInt32(place)
        values[place] = old.value
        continue
      }
      let bin = BinnedTable.bin(old.threshold, thresholds[Int(column)])
      nodes[place] = Node(left: UInt32(nodes.count), question: UInt32(column) << 8 | UInt32(bin))
      open.append((node + 1, nodes.count))
      open.append((Int(old.right), nodes.count + 1))
      reserve(2)
    }
  }

  private mutating func reserve(_ count: Int) {
    for _ in 0..<count {
      nodes.append(Node())
      values.append(0)
    }
  }

  /// Calls `body` with the value of each row in each tree. Each row's values come in the order of the trees.
  ///
  /// - Parameter body: A function that also gets the number of the row, from 0.
  func forEachValue(of rows: ArraySlice<[Double]>, _ body: (_ row: Int, _ value: Double) -> Void) {
    let bins = bins(rows)
    let lanes = Self.lanes
    bins.withUnsafeBufferPointer { bins in
      nodes.withUnsafeBufferPointer { nodes in
        values.withUnsafeBufferPointer { values in
          for root in roots {
            for first in stride(from: 0, to: rows.count, by: lanes) {
              let base = first * thresholds.count
              var places = InlineArray<8, Int>(repeating: root)
              var changes = -1
              while changes != 0 {
                changes = 0
                for lane in 0..<lanes {
                  let place = places[lane]
                  let node = nodes[place]
                  let bin = bins[base &+ Int(node.question >> 8) &* lanes &+ lane]
                  let next = Int(node.left) &+ (bin > UInt8(truncatingIfNeeded: node.question) ? 1 : 0)
                  changes |= next ^ place
                  places[lane] = next
                }
              }
              for lane in 0..<min(lanes, rows.count - first) { body(first + lane, Double(values[places[lane]])) }
            }
          }
        }
      }
    }
  }

  /// The bins of rows: of eight rows the bins in the first column, then in the second, and so on; then of the next
  /// eight. The last eight are filled up with zeros.
  private func bins(_ rows: ArraySlice<[Double]>) -> [UInt8] {
    let lanes = Self.lanes
    let width = thresholds.count
    // A tree without questions looks at the first column too.
    var bins = [UInt8](repeating: 0, count: max((rows.count + lanes - 1) / lanes * lanes * width, lanes))
    for (column, cuts) in thresholds.enumerated() where !cuts.isEmpty {
      for (number, row) in rows.enumerated() {
        let place = (number / lanes * width + column) * lanes + number % lanes
        bins[place] = UInt8(truncatingIfNeeded: BinnedTable.bin(row[column], cuts))
      }
    }
    return bins
  }
}
