/// The layer of each node of a graph whose edges point downwards.
struct LayerAssignment: Hashable {
  /// The layer of each node, from 0.
  var layers: [Int]
  /// Whether each edge points upwards, because it closes a cycle.
  var isReversed: [Bool]

  /// Every node is below all its predecessors, as high as possible (by the longest path from a source). A source is
  /// directly above its first successor.
  init(nodeCount: Int, edges: [DirectedGraph.Edge]) {
    isReversed = Self.backEdges(nodeCount: nodeCount, edges: edges)
    var successors = Array(repeating: [Int](), count: nodeCount)
    var open = Array(repeating: 0, count: nodeCount)
    for (edge, isReversed) in zip(edges, isReversed) {
      let (from, to) = isReversed ? (edge.to, edge.from) : (edge.from, edge.to)
      successors[from].append(to)
      open[to] += 1
    }
    let sources = open.indices.filter { open[$0] == 0 }
    layers = Array(repeating: 0, count: nodeCount)
    var ready = sources
    while let node = ready.popLast() {
      for successor in successors[node] {
        layers[successor] = max(layers[successor], layers[node] + 1)
        open[successor] -= 1
        if open[successor] == 0 { ready.append(successor) }
      }
    }
    for source in sources {
      if let nearest = successors[source].map({ layers[$0] }).min() { layers[source] = nearest - 1 }
    }
  }

  /// The back edges of a depth-first search, which close cycles.
  private static func backEdges(nodeCount: Int, edges: [DirectedGraph.Edge]) -> [Bool] {
    var outgoing = Array(repeating: [Int](), count: nodeCount)
    for (index, edge) in edges.enumerated() { outgoing[edge.from].append(index) }
    enum State { case unseen, open, done }
    var states = Array(repeating: State.unseen, count: nodeCount)
    var isBack = Array(repeating: false, count: edges.count)
    let hasPredecessor = Set(edges.map(\.to))
    let starts = (0..<nodeCount).filter { !hasPredecessor.contains($0) } + Array(0..<nodeCount)
    for start in starts where states[start] == .unseen {
      var stack = [(node: start, next: 0)]
      states[start] = .open
      while let (node, next) = stack.last {
        guard next < outgoing[node].count else {
          states[node] = .done
          stack.removeLast()
          continue
        }
        stack[stack.count - 1].next += 1
        let edge = outgoing[node][next]
        let to = edges[edge].to
        switch states[to] {
        case .unseen:
          states[to] = .open
          stack.append((to, 0))
        case .open: isBack[edge] = true
        case .done: break
        }
      }
    }
    return isBack
  }
}
