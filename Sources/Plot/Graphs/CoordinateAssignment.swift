/// Assigns x coordinates to the vertices of an ordered layered graph, so that long edges are straight and nodes are
/// above the middle of their neighbours.
///
/// The method is that of U. Brandes and B. Köpf, Fast and Simple Horizontal Coordinate Assignment, 2001. Vertices are
/// aligned with their median neighbours into blocks, once from each of the four corners, and the mean of the two
/// middle results is taken. Blocks are packed by longest paths over the order of the layers, first to one side, then
/// back as far as there is room.
struct CoordinateAssignment {
  let graph: LayeredGraph
  /// The gap between two nodes, and between a node or dummy and a dummy.
  let gaps: (nodes: Double, dummies: Double)

  /// The x coordinate of each vertex's middle.
  func coordinates() -> [Double] {
    guard !graph.vertices.isEmpty else { return [] }
    let conflicts = conflicts()
    var results: [(xs: [Double], isToTheRight: Bool)] = []
    for isUpwards in [false, true] {
      for isToTheRight in [false, true] {
        var layers: [[Int]] = isUpwards ? graph.layers.reversed() : graph.layers
        if isToTheRight { layers = layers.map { $0.reversed() } }
        let neighbours = isUpwards ? graph.below : graph.above
        let roots = roots(layers: layers, neighbours: neighbours, conflicts: conflicts)
        let xs = packed(layers: layers, roots: roots)
        results.append((isToTheRight ? xs.map { -$0 } : xs, isToTheRight))
      }
    }
    return balanced(results)
  }

  private struct Segment: Hashable {
    var upper: Int
    var lower: Int
  }

  /// Edges between nodes that cross a segment of a long edge between two dummies. The long edge stays straight.
  private func conflicts() -> Set<Segment> {
    var conflicts: Set<Segment> = []
    for layer in graph.layers.indices.dropLast() {
      let segments = graph.layers[layer].flatMap { upper in
        graph.below[upper].map { Segment(upper: upper, lower: $0) }
      }
      func isInner(_ segment: Segment) -> Bool {
        graph.vertices[segment.upper].isDummy && graph.vertices[segment.lower].isDummy
      }
      let inner = segments.filter(isInner)
      for segment in segments where !isInner(segment) {
        let crosses = inner.contains { other in
          let order = graph.positions[segment.upper] - graph.positions[other.upper]
          return order * (graph.positions[segment.lower] - graph.positions[other.lower]) < 0
        }
        if crosses { conflicts.insert(segment) }
      }
    }
    return conflicts
  }

  /// The first vertex of each vertex's block.
  private func roots(layers: [[Int]], neighbours: [[Int]], conflicts: Set<Segment>) -> [Int] {
    var positions = Array(repeating: 0, count: graph.vertices.count)
    for layer in layers {
      for (position, vertex) in layer.enumerated() { positions[vertex] = position }
    }
    var roots = Array(graph.vertices.indices)
    var isAlignedBelow = Array(repeating: false, count: graph.vertices.count)
    for layer in layers {
      var last = -1
      for vertex in layer {
        let sorted = neighbours[vertex].sorted { positions[$0] < positions[$1] }
        guard !sorted.isEmpty else { continue }
        let middle = (sorted.count - 1) / 2
        for candidate in Set([middle, sorted.count / 2]).sorted() {
          let neighbour = sorted[candidate]
          let segments = [
            Segment(upper: neighbour, lower: vertex), Segment(upper: vertex, lower: neighbour),
          ]
          guard roots[vertex] == vertex, !isAlignedBelow[neighbour], positions[neighbour] > last,
            !segments.contains(where: conflicts.contains)
          else { continue }
          isAlignedBelow[neighbour] = true
          roots[vertex] = roots[neighbour]
          last = positions[neighbour]
        }
      }
    }
    return roots
  }

  private func separation(_ left: Int, _ right: Int) -> Double {
    let (left, right) = (graph.vertices[left], graph.vertices[right])
    let gap = left.isDummy || right.isDummy ? gaps.dummies : gaps.nodes
    return (left.width + right.width) / 2 + gap
  }

  private func packed(layers: [[Int]], roots: [Int]) -> [Double] {
    // The blocks to the right of each block, with their distances.
    var after: [Int: [Int: Double]] = [:]
    var before: [Int: [Int: Double]] = [:]
    for layer in layers {
      for (left, right) in zip(layer, layer.dropFirst()) {
        let (a, b) = (roots[left], roots[right])
        let distance = separation(left, right)
        after[a, default: [:]][b] = max(after[a]?[b] ?? 0, distance)
        before[b, default: [:]][a] = max(before[b]?[a] ?? 0, distance)
      }
    }
    let blocks = Set(roots).sorted()
    var open = Dictionary(uniqueKeysWithValues: blocks.map { ($0, before[$0]?.count ?? 0) })
    var ready = blocks.filter { open[$0] == 0 }
    var order: [Int] = []
    while let block = ready.popLast() {
      order.append(block)
      for next in (after[block] ?? [:]).keys.sorted() {
        open[next, default: 0] -= 1
        if open[next] == 0 { ready.append(next) }
      }
    }
    var xs = Array(repeating: 0.0, count: graph.vertices.count)
    for block in order {
      xs[block] = (before[block] ?? [:]).map { xs[$0.key] + $0.value }.max() ?? 0
    }
    for block in order.reversed() {
      if let room = (after[block] ?? [:]).map({ xs[$0.key] - $0.value }).min() { xs[block] = max(xs[block], room) }
    }
    return roots.map { xs[$0] }
  }

  private func balanced(_ results: [(xs: [Double], isToTheRight: Bool)]) -> [Double] {
    func ends(_ xs: [Double]) -> (low: Double, high: Double) {
      let lows = zip(xs, graph.vertices).map { $0 - $1.width / 2 }
      let highs = zip(xs, graph.vertices).map { $0 + $1.width / 2 }
      return (lows.min() ?? 0, highs.max() ?? 0)
    }
    let all = results.map { ends($0.xs) }
    guard let narrowest = all.min(by: { $0.high - $0.low < $1.high - $1.low }) else { return [] }
    let aligned = zip(results, all).map { result, end in
      let shift = result.isToTheRight ? narrowest.high - end.high : narrowest.low - end.low
      return result.xs.map { $0 + shift }
    }
    return graph.vertices.indices.map { vertex in
      let sorted = aligned.map { $0[vertex] }.sorted()
      return (sorted[1] + sorted[2]) / 2
    }
  }
}
