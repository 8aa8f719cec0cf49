import Numerics

/// The distinct rows of every layer that a GCN computes for a set of graphs, each as a sum of rows of the layer
/// below.
///
/// A row of the first layer depends on the features of its node and neighbours, a row of a later layer on its
/// neighbours' rows in the layer below. If these are equal, the rows are equal, so each distinct row is listed once
/// for the whole set. The model and its gradients are the same, with less to compute. With dropout, whose masks
/// differ between equal rows, every node has its own row.
///
/// The sums of features that the first layer multiplies don't depend on the weights, so they are computed here.
struct RowTable: Sendable {
  /// The pairs of row `row` are `offsets[row]..<offsets[row + 1]` of `pairs`. A pair has two elements: a row of the
  /// layer below and its multiplicity.
  struct Sums: Sendable {
    var offsets: [Int32]
    var pairs: [Int32]

    var count: Int { offsets.count - 1 }
  }

  let layerCount: Int
  let featureCount: Int
  /// The sums of features, row-major.
  let inputs: [Float]
  /// For each row of the first layer its row of `inputs`.
  let inputRows: [Int32]
  /// The sums of the second and every later layer.
  let sums: [Sums]
  /// For each graph the rows of the last layer that the readout reads.
  let readout: Sums
  /// For each graph the factor of the sum of those rows.
  let readoutScales: [Float]
  /// For each graph, upper bounds of the number of rows that it alone needs of each layer.
  let graphRows: [Int32]
  let graphPairs: [Int32]

  var graphCount: Int { readoutScales.count }

  /// The number of rows of layer `layer`, from 0.
  func rowCount(ofLayer layer: Int) -> Int {
    layer == 0 ? inputRows.count : sums[layer - 1].count
  }

  /// - Parameters:
  ///   - graphs: Graphs that were validated.
  ///   - selection: The indices of the graphs to include, in order. The table numbers them from 0.
  ///   - team: The threads that find equal rows. Their number doesn't change the table.
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

/// Builds the table from the first layer up. For every node it has the number of its row in the current layer.
private struct RowTableBuilder {
  private let graphs: EncodedGraphs
  private let selection: [Int]
  private let readout: GCN.Readout
  /// The start of each selected graph's nodes in `rows`.
  private let starts: [Int]
  var rows: Buffer<Int32>
  private let team: ThreadTeam
  /// The greatest number of rows of a graph, or of rows in a sum.
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

  /// Numbers nodes by the rows that they sum, and returns these sums. `onlyRead` leaves out rows that no readout
  /// needs.
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

  /// Replaces the nodes' rows by the numbers of the sequences that `body` interns for the graphs at some positions of
  /// the selection.
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

  /// The sums of nodes if every node has a row of its own.
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

  /// Sums in double precision, so that the result doesn't depend on the order of the set.
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

  /// For each graph the rows that the readout reads, and the factor of their sum.
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

/// Counts equal values. This runs for every node and layer, so it uses plain memory.
private struct Runs {
  /// The memory for the values to count.
  let values: UnsafeMutablePointer<Int32>
  private let valueBuffer: Buffer<Int32>
  private let pairBuffer: Buffer<Int32>

  init(_ capacity: Int) {
    valueBuffer = Buffer(capacity, repeating: 0)
    pairBuffer = Buffer(2 * capacity, repeating: 0)
    values = valueBuffer.pointer
  }

  /// The pairs of value and count of the first `count` values, ordered by value.
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
