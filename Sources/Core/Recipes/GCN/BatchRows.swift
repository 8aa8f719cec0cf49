import Numerics

/// The rows of every layer that one batch of graphs needs, numbered from 0 within the batch, and their sums.
///
/// The rows are collected from the output down, so that only rows that a readout depends on are computed: with a
/// global-node readout, only the global nodes' rows of the last layer.
final class BatchRows {
  let table: RowTable
  /// The number of graphs of the current batch.
  private(set) var graphCount = 0
  /// The input of the first layer's product: one row of summed features for each row of the first layer.
  private(set) var inputs: Matrix
  /// For each graph the rows of the last layer that it reads, with their factors.
  let readout: SparseRows
  private let layers: [Layer]
  private let inputBuffer: Buffer<Float>

  private final class Layer {
    /// The rows of the table, in the batch's order.
    let members: Buffer<Int32>
    var count = 0
    /// The number in the batch of each row of the table; -1 for rows that it doesn't need.
    let position: Buffer<Int32>
    /// The sums over the layer below; empty for the first layer.
    let sums: SparseRows
    let transposed: SparseRows

    init(tableRows: Int, rowCapacity: Int, rowCapacityBelow: Int, entryCapacity: Int) {
      members = Buffer(rowCapacity, repeating: 0)
      position = Buffer(tableRows, repeating: -1)
      sums = SparseRows(rowCapacity: rowCapacity, entryCapacity: entryCapacity)
      transposed = SparseRows(rowCapacity: rowCapacityBelow, entryCapacity: entryCapacity)
    }
  }

  /// - Parameter capacity: The greatest number of graphs of a batch.
  init(_ table: RowTable, capacity: Int) {
    self.table = table
    let rowBound = Self.sumOfLargest(capacity, table.graphRows)
    let pairBound = Self.sumOfLargest(capacity, table.graphPairs)
    let rowCapacities = (0..<table.layerCount).map { min(rowBound, table.rowCount(ofLayer: $0)) }
    layers = (0..<table.layerCount).map { layer in
      Layer(
        tableRows: table.rowCount(ofLayer: layer), rowCapacity: rowCapacities[layer],
        rowCapacityBelow: layer == 0 ? 0 : rowCapacities[layer - 1],
        entryCapacity: layer == 0 ? 0 : min(pairBound, table.sums[layer - 1].pairs.count / 2))
    }
    readout = SparseRows(rowCapacity: capacity, entryCapacity: min(rowBound, table.readout.pairs.count / 2))
    inputBuffer = Buffer(rowCapacities[0] * table.featureCount, repeating: 0)
    inputs = Matrix(pointer: inputBuffer.pointer, rows: 0, columns: table.featureCount)
  }

  /// The greatest number of rows of layer `layer`, from 0, that a batch can need.
  func rowCapacity(ofLayer layer: Int) -> Int { layers[layer].members.count }

  /// The number of rows of layer `layer` that the current batch needs.
  func rowCount(ofLayer layer: Int) -> Int { layers[layer].count }

  /// The sums of rows of the layer below that the rows of layer `layer`, at least 1, need.
  func sums(ofLayer layer: Int) -> SparseRows { layers[layer].sums }

  /// The transpose of `sums(ofLayer:)`, which propagates gradients down.
  func transposedSums(ofLayer layer: Int) -> SparseRows { layers[layer].transposed }

  /// Makes a batch of the table's graphs with these numbers.
  ///
  /// - Parameter withTransposes: Whether gradients will be needed.
  func select(_ graphs: ArraySlice<Int32>, withTransposes: Bool) {
    graphCount = graphs.count
    for layer in layers { layer.count = 0 }
    let top = layers[layers.count - 1]
    graphs.withUnsafeBufferPointer { graphs in
      collect(table.readout, rows: graphs, scales: table.readoutScales, of: top, to: readout)
    }
    for index in stride(from: layers.count - 1, to: 0, by: -1) {
      let layer = layers[index]
      let members = UnsafeBufferPointer(start: layer.members.pointer, count: layer.count)
      collect(table.sums[index - 1], rows: members, scales: nil, of: layers[index - 1], to: layer.sums)
      if withTransposes { layer.transposed.transpose(layer.sums, rowCount: layers[index - 1].count) }
    }
    gatherInputs()
    for layer in layers {
      for member in 0..<layer.count { layer.position.pointer[Int(layer.members.pointer[member])] = -1 }
    }
  }

  /// Sets `result` to these rows of `sums`, each times its scale, over rows of the layer below. Rows of that layer
  /// that the batch doesn't have yet are added to it.
  private func collect(
    _ sums: RowTable.Sums, rows: UnsafeBufferPointer<Int32>, scales: [Float]?, of below: Layer, to result: SparseRows
  ) {
    // This runs for every neighbour in every batch, so it uses plain pointers and counts.
    let (positions, members) = (below.position.pointer, below.members.pointer)
    let (offsets, columns, weights) = (result.offsets.pointer, result.columns.pointer, result.weights.pointer)
    var memberCount = below.count
    var end = 0
    sums.offsets.withUnsafeBufferPointer { starts in
      sums.pairs.withUnsafeBufferPointer { pairs in
        for (number, row) in rows.enumerated() {
          let scale = scales?[Int(row)] ?? 1
          for entry in stride(from: Int(starts[Int(row)]), to: Int(starts[Int(row) + 1]), by: 2) {
            let member = pairs[entry]
            var position = positions[Int(member)]
            if position < 0 {
              position = Int32(truncatingIfNeeded: memberCount)
              positions[Int(member)] = position
              members[memberCount] = member
              memberCount += 1
            }
            columns[end] = position
            weights[end] = Float(pairs[entry + 1]) * scale
            end += 1
          }
          offsets[number + 1] = Int32(truncatingIfNeeded: end)
        }
      }
    }
    below.count = memberCount
    result.setCounts(rows: rows.count, entries: end)
  }

  private func gatherInputs() {
    let width = table.featureCount
    inputs.rows = layers[0].count
    table.inputs.withUnsafeBufferPointer { source in
      guard let base = source.baseAddress else { return }
      for member in 0..<layers[0].count {
        let row = Int(table.inputRows[Int(layers[0].members.pointer[member])])
        (inputBuffer.pointer + member * width).update(from: base + row * width, count: width)
      }
    }
  }

  private static func sumOfLargest(_ count: Int, _ values: [Int32]) -> Int {
    count >= values.count
      ? values.reduce(0) { $0 + Int($1) } : values.sorted(by: >).prefix(count).reduce(0) { $0 + Int($1) }
  }
}
