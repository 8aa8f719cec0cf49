/// The positions of a graph's nodes and the paths of its edges, in logical units, with y downwards from the origin:
/// layers from top to bottom by K. Sugiyama, S. Tagawa and M. Toda, 1981. Long graphs have several columns.
struct LayeredLayout: Hashable {
  /// The frame of each node.
  var frames: [Rectangle]
  /// The path of each edge, from its source to its target.
  var paths: [[Point]]
  /// The layer of each node, counted from the top of the first column.
  var layers: [Int]
  var width: Double
  var height: Double

  static let layerGap = 20.0
  static let nodeGap = 16.0

  /// - Parameters:
  ///   - sizes: The size of each node.
  ///   - columns: The number of columns; nil chooses it by the shape of the picture.
  init(_ graph: DirectedGraph, sizes: [Size], columns: Int? = nil) {
    let assignment = LayerAssignment(nodeCount: graph.nodes.count, edges: graph.edges)
    var layered = LayeredGraph(assignment: assignment, edges: graph.edges, widths: sizes.map(\.width))
    CrossingReduction.reduce(&layered)
    let centers = CoordinateAssignment(graph: layered, gaps: (Self.nodeGap, 10)).coordinates()
    var bands: [ClosedRange<Double>] = []
    for layer in layered.layers {
      let height = layer.compactMap { layered.vertices[$0].node.map { sizes[$0].height } }.max() ?? 0
      let top = (bands.last?.upperBound ?? -Self.layerGap) + Self.layerGap
      bands.append(top...(top + height))
    }
    let wrapping = ColumnWrapping(layered, centers: centers, bands: bands, columns: columns)
    layers = assignment.layers
    let frames = graph.nodes.indices.map { node in
      let center = wrapping.place(x: centers[node], layer: assignment.layers[node])
      let (width, height) = (sizes[node].width, sizes[node].height)
      return Rectangle(
        left: center.x - width / 2, top: center.y - height / 2, right: center.x + width / 2,
        bottom: center.y + height / 2)
    }
    var paths: [[Point]] = []
    for (chain, isReversed) in zip(layered.chains, assignment.isReversed) {
      let path = wrapping.path(of: chain, ends: (frames[chain[0]].bottom, frames[chain[chain.count - 1]].top))
      paths.append(isReversed ? path.reversed() : path)
    }
    (self.frames, self.paths) = (frames, paths)
    width = 0
    height = 0
    moveToOrigin()
  }

  private mutating func moveToOrigin() {
    let points =
      paths.flatMap { $0 }
      + frames.flatMap { [Point(x: $0.left, y: $0.top), Point(x: $0.right, y: $0.bottom)] }
    guard let left = points.map(\.x).min(), let top = points.map(\.y).min(), let right = points.map(\.x).max(),
      let bottom = points.map(\.y).max()
    else { return }
    frames = frames.map {
      Rectangle(left: $0.left - left, top: $0.top - top, right: $0.right - left, bottom: $0.bottom - top)
    }
    paths = paths.map { $0.map { Point(x: $0.x - left, y: $0.y - top) } }
    (width, height) = (right - left, bottom - top)
  }
}
