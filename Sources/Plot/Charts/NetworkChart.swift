extension Chart {
  /// A network as a directed graph from top to bottom: boxes coloured by operation, and arrows for the flow of data.
  /// Long networks have several columns.
  ///
  /// ```swift
  /// let nodes = ["input", "conv 3×3", "skip", "output"].map { DirectedGraph.Node($0) }
  /// let cell = try DirectedGraph(nodes: nodes, edges: [(0, 1), (0, 2), (1, 3), (2, 3)])
  /// show(Chart.network(cell, title: "A cell"))
  /// ```
  /// - Parameter columns: The number of columns; nil chooses it by the shape of the picture.
  public static func network(_ graph: DirectedGraph, title: Phrase? = nil, columns: Int? = nil) -> Chart {
    let boxes = NetworkBoxes(graph)
    let layout = LayeredLayout(graph, sizes: boxes.sizes, columns: columns)
    let edges = layout.paths.filter { !$0.isEmpty }
    let arrows = Layer(
      .line(
        x: Values(edges.flatMap { $0.map(\.x) + [.nan] }), y: Values(edges.flatMap { $0.map(\.y) + [.nan] })),
      style: Style(color: .muted, width: 1.25, hasArrow: true))
    let legendHeight = boxes.hasLegend ? boxes.legendHeight(width: max(240, layout.width)) : 0
    let titleHeight = title == nil ? 0.0 : 30
    let axis = { (end: Double) in
      Axis(extent: .fixed(from: -1, to: end + 1), showsLabels: false, showsLine: false)
    }
    return Chart(
      title: title,
      summary: [
        Phrase(
          .networkSummary, .number(Double(graph.nodes.count), .integer), .number(Double(graph.edges.count), .integer),
          .number(Double((layout.layers.max() ?? -1) + 1), .integer), .phrase(boxes.counts))
      ],
      size: Size(
        width: max(280, layout.width + 46).rounded(.up),
        height: max(80, layout.height + 52 + legendHeight + titleHeight).rounded(.up)),
      panels: [
        Panel(
          x: axis(layout.width), y: axis(layout.height).with { $0.isReversed = true },
          layers: [arrows] + boxes.layers(layout.frames), isDiagram: true)
      ])
  }
}

/// The boxes of a network's nodes.
private struct NetworkBoxes {
  let graph: DirectedGraph
  /// The operations in the order of their first appearance, with their counts.
  let operations: [(name: String, count: Int)]

  private static let textSize = 11.0
  private static let annotationSize = 9.5

  init(_ graph: DirectedGraph) {
    self.graph = graph
    var operations: [(name: String, count: Int)] = []
    var positions: [String: Int] = [:]
    for node in graph.nodes {
      if let position = positions[node.operation] {
        operations[position].count += 1
      } else {
        positions[node.operation] = operations.count
        operations.append((node.operation, 1))
      }
    }
    self.operations = operations
  }

  /// The sizes are estimated before fonts are available: each terminal column counts as the width of a wide letter.
  var sizes: [Size] {
    graph.nodes.map { node in
      let label = Double(node.label.displayColumns) * 0.585 * Self.textSize
      let annotation = Double(node.annotation?.displayColumns ?? 0) * 0.585 * Self.annotationSize
      return Size(width: max(44, max(label, annotation) + 18), height: node.annotation == nil ? 24 : 36)
    }
  }

  /// The ten most frequent operations have colours. More colours can't be distinguished.
  private var colors: [String: Color] {
    let colored = operations.indices.sorted { (-operations[$0].count, $0) < (-operations[$1].count, $1) }
      .prefix(Theme.seriesCount).sorted()
    var colors: [String: Color] = [:]
    for (position, index) in colored.enumerated() { colors[operations[index].name] = .series(position) }
    return colors
  }

  /// If the labels are the operations' names, no legend is needed.
  var hasLegend: Bool {
    graph.nodes.contains { $0.label != $0.operation }
  }

  func legendHeight(width: Double) -> Double {
    var (rows, left) = (1.0, 0.0)
    for operation in operations {
      let entry = Double(operation.name.displayColumns) * 6.6 + 36
      if left > 0, left + entry > width { (rows, left) = (rows + 1, 0) }
      left += entry
    }
    return rows * 18 + 8
  }

  var counts: Phrase {
    .list(
      operations.prefix(8).map { Phrase(.times, .number(Double($0.count), .integer), .phrase(.words($0.name))) }
        + (operations.count > 8 ? ["…"] : []))
  }

  func layers(_ frames: [Rectangle]) -> [Layer] {
    let colors = colors
    let boxes = operations.map { operation in
      let members = graph.nodes.indices.filter { graph.nodes[$0].operation == operation.name }.map { frames[$0] }
      return Layer(
        .rectangle(
          left: Values(members.map(\.left)), right: Values(members.map(\.right)),
          bottom: Values(members.map(\.bottom)), top: Values(members.map(\.top))),
        style: Style(
          color: colors[operation.name] ?? .muted, opacity: 0.2, cornerRadius: 5, inset: 0, outlineWidth: 1.25),
        label: hasLegend ? .words(operation.name) : nil, labelPlace: .legend)
    }
    let annotated = graph.nodes.indices.filter { graph.nodes[$0].annotation != nil }
    let labels = Layer(
      .text(
        x: Values(frames.map(\.center.x)),
        y: Values(graph.nodes.indices.map { frames[$0].center.y - (graph.nodes[$0].annotation == nil ? 0 : 7) }),
        labels: graph.nodes.map { .words($0.label) }), style: Style(color: .ink, textSize: Self.textSize))
    let annotations = Layer(
      .text(
        x: Values(annotated.map { frames[$0].center.x }), y: Values(annotated.map { frames[$0].center.y + 8 }),
        labels: annotated.map { .words(graph.nodes[$0].annotation ?? "") }),
      style: Style(color: .muted, textSize: Self.annotationSize))
    return boxes + [labels] + (annotated.isEmpty ? [] : [annotations])
  }
}
