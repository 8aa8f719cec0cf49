/// Orders the vertices of each layer so that few edges cross.
///
/// Sweeps down and up sort each layer by the median of its vertices' neighbours, and each sweep is followed by
/// exchanging neighbours while this helps (E. Gansner, E. Koutsofios, S. North and K.-P. Vo, A Technique for Drawing
/// Directed Graphs, 1993, section 3). The best order is kept.
enum CrossingReduction {
  static let sweeps = 24

  static func reduce(_ graph: inout LayeredGraph) {
    var best = (layers: graph.layers, crossings: graph.crossings)
    for sweep in 0..<sweeps where best.crossings > 0 {
      let isDown = sweep.isMultiple(of: 2)
      let order = isDown ? Array(graph.layers.indices.dropFirst()) : graph.layers.indices.dropLast().reversed()
      for layer in order { sort(layer, of: &graph, byAbove: isDown) }
      transpose(&graph)
      let crossings = graph.crossings
      if crossings < best.crossings { best = (graph.layers, crossings) }
    }
    graph.layers = best.layers
  }

  /// Vertices without neighbours keep their places, and the others are sorted around them.
  private static func sort(_ layer: Int, of graph: inout LayeredGraph, byAbove: Bool) {
    let row = graph.layers[layer]
    let medians = row.map { vertex in
      median((byAbove ? graph.above[vertex] : graph.below[vertex]).map { graph.positions[$0] })
    }
    let movable = row.indices.filter { medians[$0] != nil }
    let sorted = movable.sorted { first, second in
      guard let a = medians[first], let b = medians[second] else { return false }
      return a == b ? first < second : a < b
    }
    var result = row
    for (place, index) in zip(movable, sorted) { result[place] = row[index] }
    graph.layers[layer] = result
  }

  /// The median position. Of two middle positions, a weighted mean that favours the side with denser neighbours.
  private static func median(_ positions: [Int]) -> Double? {
    let sorted = positions.sorted().map(Double.init)
    guard let first = sorted.first, let last = sorted.last else { return nil }
    let middle = sorted.count / 2
    if !sorted.count.isMultiple(of: 2) { return sorted[middle] }
    if sorted.count == 2 { return (first + last) / 2 }
    let (left, right) = (sorted[middle - 1] - first, last - sorted[middle])
    guard left + right > 0 else { return (sorted[middle - 1] + sorted[middle]) / 2 }
    return (sorted[middle - 1] * right + sorted[middle] * left) / (left + right)
  }

  private static func transpose(_ graph: inout LayeredGraph) {
    func crossings(_ left: Int, _ right: Int) -> Int {
      var count = 0
      for neighbours in [graph.above, graph.below] {
        for a in neighbours[left] {
          count += neighbours[right].count { graph.positions[a] > graph.positions[$0] }
        }
      }
      return count
    }
    var improves = true
    var rounds = 0
    while improves, rounds < 10 {
      improves = false
      rounds += 1
      for layer in graph.layers.indices {
        for position in graph.layers[layer].indices.dropLast() {
          let (left, right) = (graph.layers[layer][position], graph.layers[layer][position + 1])
          guard crossings(right, left) < crossings(left, right) else { continue }
          graph.layers[layer].swapAt(position, position + 1)
          improves = true
        }
      }
    }
  }
}
