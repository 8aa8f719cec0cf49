import Plot

extension Gallery {
  static let networks = Section(
    title: "Networks",
    entries: [
      Entry("cell", "A cell", "Boxes coloured by operation, edges routed through layers.") { show in
        // listing: cell
        let cell = try DirectedGraph(
          nodes: ["input", "conv 3×3", "skip", "conv 1×1", "conv 3×3", "avg pool", "skip", "output"].map { .init($0) },
          edges: [(0, 1), (0, 2), (0, 3), (1, 4), (1, 5), (2, 6), (4, 6), (3, 7), (5, 7), (6, 7)])
        show(Chart.network(cell, title: "A cell of NAS-Bench-201"))
        // end
      },
      Entry("network", "A whole network", "Long networks stand in several columns.") { show in
        // listing: network
        var boxes = [DirectedGraph.Node("input", annotation: "3 × 32 × 32")]
        var arrows: [(from: Int, to: Int)] = []
        func add(_ node: DirectedGraph.Node, after sources: Int...) -> Int {
          boxes.append(node)
          arrows += sources.map { (from: $0, to: boxes.count - 1) }
          return boxes.count - 1
        }
        var last = add(.init("conv 3×3", operation: "conv", annotation: "64 × 32 × 32"), after: 0)
        for block in 0..<8 {
          let (start, shape) = (last, "\(64 << (block / 2)) × \(32 >> (block / 2))²")
          last = add(.init("conv 3×3", operation: "conv", annotation: shape), after: start)
          last = add(.init("batch norm"), after: last)
          last = add(.init("ReLU"), after: last)
          last = add(.init("conv 3×3", operation: "conv", annotation: shape), after: last)
          last = add(.init("batch norm"), after: last)
          let isWider = block > 0 && block.isMultiple(of: 2)
          let skip = isWider ? add(.init("conv 1×1", operation: "conv", annotation: shape), after: start) : start
          last = add(.init("add"), after: last, skip)
          last = add(.init("ReLU"), after: last)
        }
        last = add(.init("avg pool"), after: last)
        last = add(.init("linear", annotation: "10"), after: last)
        show(Chart.network(try DirectedGraph(nodes: boxes, edges: arrows), title: "ResNet-18"))
        // end
      },
    ])
}
