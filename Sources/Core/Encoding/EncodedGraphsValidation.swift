extension EncodedGraphs {
  /// Checks the assumptions of unsafe code: consistent lengths, neighbours within their graph, and finite features.
  ///
  /// - Throws: `InputError` that names the graph, counted from 0.
  func validate() throws {
    func damage(_ cause: String) -> InputError {
      InputError(cause, remedy: "Encode the graphs again with GraphEncoding.encode.")
    }
    func require(_ condition: Bool, _ cause: @autoclosure () -> String) throws {
      if !condition { throw damage(cause()) }
    }
    try require(featureCount > 0, "the encoded graphs have no features")
    try require(nodeOffsets.first == 0 && neighbourOffsets.first == 0, "the encoded graphs' offsets don't begin with 0")
    let rows = rowCount
    try require(
      rows >= 0 && features.count == rows * featureCount && neighbourOffsets.count == rows + 1
        && neighbourOffsets.last == neighbours.count,
      "the encoded graphs' arrays don't fit each other")
    // Pairs of neighbour and count are numbered by 32-bit integers.
    try require(
      neighbours.count < Int(Int32.max) / 2 && features.count < Int(Int32.max),
      "\(count) graphs with \(neighbours.count) neighbours are too many for one batch")
    try nodeOffsets.withUnsafeBufferPointer { nodeOffsets in
      try neighbourOffsets.withUnsafeBufferPointer { neighbourOffsets in
        try neighbours.withUnsafeBufferPointer { neighbours in
          for graph in 0..<count {
            let (first, end) = (nodeOffsets[graph], nodeOffsets[graph + 1])
            if first >= end || end > rows {
              throw InputError("graph \(graph) has no nodes", remedy: "Remove it, or give it at least one node.")
            }
            for row in first..<end {
              let (start, stop) = (neighbourOffsets[row], neighbourOffsets[row + 1])
              try require(
                0 <= start && start <= stop && stop <= neighbours.count, "graph \(graph) has neighbours out of range")
              for entry in start..<stop where !(0..<end - first).contains(Int(neighbours[entry])) {
                throw damage("graph \(graph) has a neighbour \(neighbours[entry]) among \(end - first) nodes")
              }
            }
          }
        }
      }
    }
    if let position = features.firstIndex(where: { !$0.isFinite }) {
      let row = position / featureCount
      let graph = nodeOffsets.lastIndex { $0 <= row } ?? 0
      throw InputError(
        "feature \(position % featureCount) of node \(row - nodeOffsets[graph]) of graph \(graph) is "
          + "\(features[position])",
        remedy: "Features must be finite numbers; look at that node's attributes.")
    }
  }
}
