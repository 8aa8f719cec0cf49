/// A graph whose edges lead only from one layer to the next. Long edges pass through dummy vertices.
struct LayeredGraph {
  struct Vertex: Hashable {
    /// The node; nil for a dummy.
    var node: Int?
    var layer: Int
    var width: Double

    var isDummy: Bool { node == nil }
  }

  /// The vertices: first the graph's nodes in order, then the dummies.
  private(set) var vertices: [Vertex]
  /// The neighbours in the layer above, and in the layer below.
  private(set) var above: [[Int]]
  private(set) var below: [[Int]]
  /// The vertices that each edge passes, downwards.
  private(set) var chains: [[Int]]
  /// The vertices of each layer from left to right.
  var layers: [[Int]] {
    didSet { updatePositions() }
  }
  /// The position of each vertex in its layer.
  private(set) var positions: [Int]

  static let dummyWidth = 8.0

  init(assignment: LayerAssignment, edges: [DirectedGraph.Edge], widths: [Double]) {
    vertices = widths.indices.map { Vertex(node: $0, layer: assignment.layers[$0], width: widths[$0]) }
    chains = []
    for (edge, isReversed) in zip(edges, assignment.isReversed) {
      let (from, to) = isReversed ? (edge.to, edge.from) : (edge.from, edge.to)
      var chain = [from]
      for layer in (vertices[from].layer + 1)..<max(vertices[from].layer + 1, vertices[to].layer) {
        chain.append(vertices.count)
        vertices.append(Vertex(node: nil, layer: layer, width: Self.dummyWidth))
      }
      chains.append(chain + [to])
    }
    above = Array(repeating: [], count: vertices.count)
    below = above
    for chain in chains {
      for (upper, lower) in zip(chain, chain.dropFirst()) where !below[upper].contains(lower) {
        below[upper].append(lower)
        above[lower].append(upper)
      }
    }
    positions = Array(repeating: 0, count: vertices.count)
    layers = Array(repeating: [], count: (vertices.map(\.layer).max() ?? -1) + 1)
    // Listing vertices in the order of a depth-first search puts neighbours next to each other.
    var isSeen = Array(repeating: false, count: vertices.count)
    var listed = layers
    for start in vertices.indices where above[start].isEmpty {
      var stack = [start]
      while let vertex = stack.popLast() {
        guard !isSeen[vertex] else { continue }
        isSeen[vertex] = true
        listed[vertices[vertex].layer].append(vertex)
        stack += below[vertex].reversed()
      }
    }
    layers = listed
    updatePositions()
  }

  private mutating func updatePositions() {
    for layer in layers {
      for (position, vertex) in layer.enumerated() { positions[vertex] = position }
    }
  }

  /// The number of pairs of edges that cross between a layer and the next.
  func crossings(below layer: Int) -> Int {
    guard layers.indices.contains(layer + 1) else { return 0 }
    // The edges are taken from left to right by their upper ends. Each crosses the earlier ones that end further
    // right.
    var ends: [Int] = []
    var count = 0
    for upper in layers[layer] {
      let places = below[upper].map { positions[$0] }.sorted()
      count += places.reduce(0) { sum, place in sum + ends.count { $0 > place } }
      ends += places
    }
    return count
  }

  var crossings: Int { layers.indices.reduce(0) { $0 + crossings(below: $1) } }
}
