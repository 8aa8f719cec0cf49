import Numerics

/// What a GCN has to compute for a set of graphs: the distinct rows of every layer, and of which rows of the layer
/// below each is the sum.
///
/// A row of the first layer depends on its node's and its neighbours' features, a row of a later layer on its
/// neighbours' rows in the layer before. Where those are the same, the rows are, so each is listed once for the whole
/// set: the same model with less to compute, gradients included (equal rows are one shared term). Only with dropout,
/// whose masks tell equal rows apart, every node keeps its own row.
///
/// The sums of features that the first layer multiplies don't depend on the weights, so they are computed here.
struct RowTable: Sendable {
  /// `offsets[row]..<offsets[row + 1]` of `pairs`, two elements each: a row of the layer below and how often it counts.
  struct Sums: Sendable {
    var offsets: [Int32]
    var pairs: [Int32]

    var count: Int { offsets.count - 1 }
  }

  let layerCount: Int
  let featureCount: Int
  /// Row-major sums of features.
  let inputs: [Float]
  /// For each row of the first layer its row of `inputs`.
  let inputRows: [Int32]
  /// For the second and every later layer.
  let sums: [Sums]
  /// For each graph the last layer's rows that are read.
  let readout: Sums
  /// For each graph what the sum of those rows is multiplied by.
  let readoutScales: [Float]
  /// For each graph, upper bounds of what it alone needs of one layer.
  let graphRows: [Int32]
  let graphPairs: [Int32]

  var graphCount: Int { readoutScales.count }

  /// The rows of layer `layer`, counting from 0.
  func rowCount(ofLayer layer: Int) -> Int {
    layer == 0 ? inputRows.count : sums[layer - 1].count
  }

  /// - Parameters:
  ///   - graphs: Valid graphs.
  ///   - selection: Which of them, and in what order; the table numbers them from 0.
  ///   - team: Looks for equal rows; how many threads it has changes nothing in the table.
  init(
    _ graphs: EncodedGraphs, selection: [Int], layers: Int, readout: GCN.Readout, mergesEqualRows: Bool,
    team: ThreadTeam = ThreadTeam(1)
  ) {
    layerCount = layers
    featureCount = graphs.featureCount
    var builder = RowTableBuilder(graphs, selection: selection, readout: readout, team: team)
    let features = builder.internFeatures()
    let first = builder.internSums(onlyRead: layers == 1 && mergesEqualRows)
    inputs = builder.inputSums(of: first, features: features)
    if mergesEqualRows {
      inputRows = Array(0..<Int32(first.count))
      sums = (1..<layers).map { layer in builder.internSums(onlyRead: layer == layers - 1) }
    } else {
      inputRows = builder.rows.array
      builder.numberRows()
      sums = Array(repeating: builder.allSums(), count: layers - 1)
    }
    (self.readout, readoutScales) = builder.readoutSums()
    graphRows = builder.graphRows
    graphPairs = builder.graphPairs
  }
}

/// Goes up through the layers, keeping for every node the number of its row in the layer reached.
private struct RowTableBuilder {
  private let graphs: EncodedGraphs
  private let selection: [Int]
  private let readout: GCN.Readout
  /// Where each selected graph's nodes begin in `rows`.
  private let starts: [Int]
  var rows: Buffer<Int32>
  private let team: ThreadTeam
  /// The most rows of a graph, or that are summed.
  private let longestSum: Int

  init(_ graphs: EncodedGraphs, selection: [Int], readout: GCN.Readout, team: ThreadTeam) {
    self.graphs = graphs
    self.selection = selection
    self.readout = readout
    self.team = team
    var starts = [0]
    for graph in selection {
      starts.append(starts[starts.count - 1] + graphs.nodeOffsets[graph + 1] - graphs.nodeOffsets[graph])
    }
    self.starts = starts
    rows = Buffer(starts[selection.count], repeating: 0)
    var most = 1
    for graph in selection {
      most = max(most, graphs.nodeOffsets[graph + 1] - graphs.nodeOffsets[graph])
      for row in graphs.nodeOffsets[graph]..<graphs.nodeOffsets[graph + 1] {
        most = max(most, graphs.neighbourOffsets[row + 1] - graphs.neighbourOffsets[row])
      }
    }
    longestSum = most
  }

  var graphRows: [Int32] {
    selection.map { Int32(graphs.nodeOffsets[$0 + 1] - graphs.nodeOffsets[$0]) }
  }

  var graphPairs: [Int32] {
    selection.map {
      Int32(graphs.neighbourOffsets[graphs.nodeOffsets[$0 + 1]] - graphs.neighbourOffsets[graphs.nodeOffsets[$0]])
    }
  }

  /// Numbers nodes by their features.
  mutating func internFeatures() -> SequenceInterner {
    let (graphs, selection, starts) = (graphs, selection, starts)
    return numberRows { positions, rows, interner in
      graphs.features.withUnsafeBufferPointer { features in
        features.withMemoryRebound(to: Int32.self) { bits in
          for position in positions {
            let graph = selection[position]
            for (node, row) in (graphs.nodeOffsets[graph]..<graphs.nodeOffsets[graph + 1]).enumerated() {
              let start = row * graphs.featureCount
              rows[starts[position] + node] = interner.intern(
                UnsafeBufferPointer(rebasing: bits[start..<start + graphs.featureCount]))
            }
          }
        }
      }
    }
  }

  /// Numbers nodes by the rows they sum, and gives those sums; `onlyRead` leaves out what no readout needs.
  mutating func internSums(onlyRead: Bool) -> RowTable.Sums {
    let onlyFirst = onlyRead && readout == .globalNode
    let (graphs, selection, starts, below, longestSum) = (graphs, selection, starts, rows, longestSum)
    let interner = numberRows { positions, rows, interner in
      let runs = Runs(longestSum)
      graphs.neighbours.withUnsafeBufferPointer { neighbours in
        for position in positions {
          let (start, first) = (starts[position], graphs.nodeOffsets[selection[position]])
          for node in 0..<(onlyFirst ? 1 : starts[position + 1] - start) {
            let summed = graphs.neighbourOffsets[first + node]..<graphs.neighbourOffsets[first + node + 1]
            for (place, entry) in summed.enumerated() {
              runs.values[place] = below.pointer[start + Int(neighbours[entry])]
            }
            rows[start + node] = interner.intern(runs.count(summed.count))
          }
        }
      }
    }
    return RowTable.Sums(offsets: interner.offsets, pairs: interner.elements)
  }

  /// Replaces the nodes' rows by the numbers of what `body` interns for the graphs at some positions of the selection.
  private mutating func numberRows(
    _ body: (_ positions: Range<Int>, _ rows: UnsafeMutablePointer<Int32>, _ interner: inout SequenceInterner) -> Void
  ) -> SequenceInterner {
    let next = Buffer(rows.count, repeating: Int32(0))
    let interner = SequenceInterner.numbering(
      selection.count, into: next.pointer, starts: starts, team: team
    ) { body($0, next.pointer, &$1) }
    rows = next
    return interner
  }

  /// Gives every node a row of its own.
  mutating func numberRows() {
    for row in 0..<rows.count { rows.pointer[row] = Int32(row) }
  }

  /// The sums of nodes that all have rows of their own.
  func allSums() -> RowTable.Sums {
    var sums = RowTable.Sums(offsets: [0], pairs: [])
    for (position, graph) in selection.enumerated() {
      for row in graphs.nodeOffsets[graph]..<graphs.nodeOffsets[graph + 1] {
        for entry in graphs.neighbourOffsets[row]..<graphs.neighbourOffsets[row + 1] {
          sums.pairs.append(Int32(starts[position]) + graphs.neighbours[entry])
          sums.pairs.append(1)
        }
        sums.offsets.append(Int32(sums.pairs.count))
      }
    }
    return sums
  }

  /// Sums in double precision, so that they don't depend on the order of the set.
  func inputSums(of first: RowTable.Sums, features: SequenceInterner) -> [Float] {
    let width = graphs.featureCount
    var inputs = [Float](repeating: 0, count: first.count * width)
    var total = [Double](repeating: 0, count: width)
    for row in 0..<first.count {
      for column in 0..<width { total[column] = 0 }
      for entry in stride(from: Int(first.offsets[row]), to: Int(first.offsets[row + 1]), by: 2) {
        let start = Int(features.offsets[Int(first.pairs[entry])])
        let times = Double(first.pairs[entry + 1])
        for column in 0..<width {
          total[column] += times * Double(Float(bitPattern: UInt32(bitPattern: features.elements[start + column])))
        }
      }
      for column in 0..<width { inputs[row * width + column] = Float(total[column]) }
    }
    return inputs
  }

  /// For each graph the rows that are read and the factor of their sum.
  func readoutSums() -> (RowTable.Sums, [Float]) {
    var sums = RowTable.Sums(offsets: [0], pairs: [])
    var scales: [Float] = []
    let runs = Runs(longestSum)
    for position in selection.indices {
      let nodes = starts[position]..<starts[position + 1]
      let read = readout == .globalNode ? nodes.prefix(1) : nodes
      for (place, node) in read.enumerated() { runs.values[place] = rows.pointer[node] }
      sums.pairs.append(contentsOf: runs.count(read.count))
      sums.offsets.append(Int32(sums.pairs.count))
      scales.append(readout == .mean ? 1 / Float(nodes.count) : 1)
    }
    return (sums, scales)
  }
}

/// How often values occur: plain memory, since this runs for every node and layer.
private struct Runs {
  /// Room for the values to count.
  let values: UnsafeMutablePointer<Int32>
  private let valueBuffer: Buffer<Int32>
  private let pairBuffer: Buffer<Int32>

  init(_ capacity: Int) {
    valueBuffer = Buffer(capacity, repeating: 0)
    pairBuffer = Buffer(2 * capacity, repeating: 0)
    values = valueBuffer.pointer
  }

  /// Pairs of value and count of the first `count` values, ordered by value.
  func count(_ count: Int) -> UnsafeBufferPointer<Int32> {
    let pairs = pairBuffer.pointer
    if count > 16 {
      var all = UnsafeMutableBufferPointer(start: values, count: count)
      all.sort()
    } else {
      for end in stride(from: 1, to: count, by: 1) {
        let value = values[end]
        var position = end
        while position > 0, values[position - 1] > value {
          values[position] = values[position - 1]
          position -= 1
        }
        values[position] = value
      }
    }
    var runs = 0
    for position in 0..<count {
      if runs > 0, pairs[2 * runs - 2] == values[position] {
        pairs[2 * runs - 1] += 1
      } else {
        pairs[2 * runs] = values[position]
        pairs[2 * runs + 1] = 1
        runs += 1
      }
    }
    return UnsafeBufferPointer(start: pairs, count: 2 * runs)
  }
}
