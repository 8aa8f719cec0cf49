import Foundation
import Testing

@testable import Plot

@Suite struct LayeredLayoutTests {
  /// Edges from lower to higher numbers. Each node but the first has at least one predecessor.
  private func randomGraph(_ count: Int, density: Double, random: inout TestGenerator) throws -> DirectedGraph {
    var edges: [(from: Int, to: Int)] = []
    for node in 1..<max(2, count) where node < count {
      edges.append((Int.random(in: max(0, node - 4)..<node, using: &random), node))
      for before in 0..<node where random.uniform() < density / Double(count) { edges.append((before, node)) }
    }
    let nodes = (0..<count).map { DirectedGraph.Node("n\($0)", operation: "o\($0 % 4)") }
    return try DirectedGraph(nodes: nodes, edges: edges)
  }

  private func sizes(_ count: Int, random: inout TestGenerator) -> [Size] {
    (0..<count).map { _ in
      Size(width: Double.random(in: 40...120, using: &random), height: random.uniform() < 0.5 ? 24 : 36)
    }
  }

  @Test func nodesKeepClearAndEdgesLeadDownwards() throws {
    var random = TestGenerator(seed: 40)
    for round in 0..<60 {
      let count = Int.random(in: 1...60, using: &random)
      let graph = try randomGraph(count, density: Double(round % 5), random: &random)
      let sizes = sizes(count, random: &random)
      let columns = round % 4 == 0 ? nil : round % 4
      let layout = LayeredLayout(graph, sizes: sizes, columns: columns)
      for (size, frame) in zip(sizes, layout.frames) {
        #expect(abs(frame.width - size.width) < 1e-9 && abs(frame.height - size.height) < 1e-9)
        #expect(frame.left >= -1e-9 && frame.top >= -1e-9)
        #expect(frame.right <= layout.width + 1e-9 && frame.bottom <= layout.height + 1e-9)
      }
      for first in layout.frames.indices {
        for second in layout.frames.indices.dropFirst(first + 1) {
          #expect(
            !layout.frames[first].expanded(by: 3).overlaps(layout.frames[second].expanded(by: 3)),
            "nodes \(first) and \(second) of round \(round)")
        }
      }
      for (edge, path) in zip(graph.edges, layout.paths) {
        #expect(layout.layers[edge.from] < layout.layers[edge.to])
        let (from, to) = (layout.frames[edge.from], layout.frames[edge.to])
        let (start, end) = (try #require(path.first), try #require(path.last))
        #expect(abs(start.x - from.center.x) < 1e-6 && abs(start.y - from.bottom) < 1e-6)
        #expect(abs(end.x - to.center.x) < 1e-6 && abs(end.y - to.top) < 1e-6)
        // With one column, every edge points down.
        if columns == 1 { #expect(zip(path, path.dropFirst()).allSatisfy { $0.y <= $1.y + 1e-9 }) }
      }
    }
  }

  @Test func edgesPassBesideNodes() throws {
    var random = TestGenerator(seed: 41)
    for _ in 0..<30 {
      let graph = try randomGraph(30, density: 1.5, random: &random)
      let sizes = (0..<30).map { _ in Size(width: 60, height: 24) }
      let layout = LayeredLayout(graph, sizes: sizes, columns: 1)
      for (edge, path) in zip(graph.edges, layout.paths) {
        for node in layout.frames.indices where node != edge.from && node != edge.to {
          let inner = layout.frames[node].expanded(by: -0.5)
          #expect(!path.contains(where: inner.contains), "edge \(edge) meets node \(node)")
        }
      }
    }
  }

  @Test func sweepsNeverAddCrossings() throws {
    var random = TestGenerator(seed: 42)
    var (before, after) = (0, 0)
    for _ in 0..<40 {
      let graph = try randomGraph(40, density: 3, random: &random)
      let assignment = LayerAssignment(nodeCount: 40, edges: graph.edges)
      var layered = LayeredGraph(
        assignment: assignment, edges: graph.edges, widths: Array(repeating: 40, count: 40))
      let unsorted = layered.crossings
      CrossingReduction.reduce(&layered)
      #expect(layered.crossings <= unsorted)
      before += unsorted
      after += layered.crossings
    }
    #expect(2 * after < before)
  }

  /// Two chains that cross if the nodes keep their order.
  @Test func crossingsThatNeedNotBeAreGone() throws {
    let nodes = (0..<6).map { DirectedGraph.Node("\($0)") }
    let graph = try DirectedGraph(nodes: nodes, edges: [(0, 3), (1, 2), (2, 5), (3, 4)])
    var layered = LayeredGraph(
      assignment: LayerAssignment(nodeCount: 6, edges: graph.edges), edges: graph.edges,
      widths: Array(repeating: 40, count: 6))
    CrossingReduction.reduce(&layered)
    #expect(layered.crossings == 0)
  }

  @Test func aChainIsStraight() throws {
    let nodes = (0..<9).map { DirectedGraph.Node("\($0)") }
    let chain = (0..<8).map { (from: $0, to: $0 + 1) }
    let graph = try DirectedGraph(nodes: nodes, edges: chain + [(0, 4), (4, 8)])
    let layout = LayeredLayout(graph, sizes: nodes.map { _ in Size(width: 60, height: 24) }, columns: 1)
    #expect(Set(layout.frames.map { ($0.center.x * 100).rounded() }).count <= 3)
    // At a node with two edges the chain may bend, but not between such nodes.
    for node in [1, 2, 5, 6] { #expect(abs(layout.frames[node].center.x - layout.frames[node + 1].center.x) < 1e-6) }
  }

  @Test func cyclesAreDrawnToo() throws {
    let nodes = (0..<4).map { DirectedGraph.Node("\($0)") }
    let graph = try DirectedGraph(nodes: nodes, edges: [(0, 1), (1, 2), (2, 0), (2, 3)])
    let assignment = LayerAssignment(nodeCount: 4, edges: graph.edges)
    #expect(assignment.layers == [0, 1, 2, 3] && assignment.isReversed == [false, false, true, false])
    let layout = LayeredLayout(graph, sizes: nodes.map { _ in Size(width: 60, height: 24) })
    let (start, end) = (try #require(layout.paths[2].first), try #require(layout.paths[2].last))
    #expect(start.y > end.y)
  }

  @Test func longNetworksStandInColumns() throws {
    let nodes = (0..<60).map { DirectedGraph.Node("\($0)") }
    let graph = try DirectedGraph(nodes: nodes, edges: (0..<59).map { ($0, $0 + 1) })
    let layout = LayeredLayout(graph, sizes: nodes.map { _ in Size(width: 80, height: 24) })
    #expect(layout.height < 1.6 * layout.width && layout.width < 1.6 * layout.height)
    let empty = LayeredLayout(try DirectedGraph(nodes: [], edges: []), sizes: [])
    #expect(empty.width == 0 && empty.frames.isEmpty)
  }

  @Test func edgesThatNameNoNode() {
    func message(_ edges: [(from: Int, to: Int)]) -> String? {
      #expect(throws: DrawingError.self) { try DirectedGraph(nodes: [.init("input")], edges: edges) }?.description
    }
    #expect(
      message([(0, 3)]) == """
        an edge leads from node 0 to node 3, but the graph has 1 nodes
          Number nodes from 0, in the order in which they are given.
        """)
    #expect(
      message([(0, 0)]) == """
        an edge leads from node 0, "input", to itself
          Leave that edge out.
        """)
  }
}
