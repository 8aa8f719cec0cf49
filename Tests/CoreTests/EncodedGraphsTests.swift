import Testing

@testable import Core

@Suite struct EncodedGraphsTests {
  /// A graph, its copy, and graphs that differ in features, in neighbours, and in the number of nodes.
  private let graphs = EncodedGraphs(
    neighbours: [
      [[0, 1], [1]], [[0, 1], [1]], [[0, 1], [1]], [[0], [0, 1]], [[0, 1], [1], []], [[0, 1], [1]], [[0]],
    ],
    featureCount: 1
  ) { graph, node, _ in graph == 2 && node == 1 ? 5 : Double(node) }

  @Test func equalGraphsAreOne() {
    let (distinct, numbers) = graphs.distinct(in: 0..<graphs.count)
    #expect(distinct == [0, 2, 3, 4, 6])
    #expect(numbers == [0, 0, 1, 2, 3, 0, 4])
  }

  @Test func onlyTheRangeIsLookedAt() {
    let (distinct, numbers) = graphs.distinct(in: 1..<6)
    #expect(distinct == [1, 2, 3, 4])
    #expect(numbers == [0, 1, 2, 3, 0])
  }

  /// A graph's output doesn't depend on the other graphs of its batch.
  @Test func equalGraphsHaveTheirOwnOutputs() throws {
    let few = EncodedGraphs.random(count: 30, nodes: 1...3, featureCount: 2, seed: 3)
    #expect(few.distinct(in: 0..<few.count).graphs.count < few.count)
    let network = try GCN(GCN.Configuration(layers: 2, hiddenUnits: 20), featureCount: 2, seed: 1)
    let outputs = try network.outputs(for: few)
    for graph in 0..<few.count {
      let alone = try network.outputs(for: few.single(graph))
      #expect(alone.count == 1 && abs(alone[0] - outputs[graph]) < 1e-5)
    }
  }
}

extension EncodedGraphs {
  /// A batch with one of the graphs only.
  fileprivate func single(_ graph: Int) -> EncodedGraphs {
    var result = EncodedGraphs(featureCount: featureCount)
    for row in nodeOffsets[graph]..<nodeOffsets[graph + 1] {
      result.features += features[row * featureCount..<(row + 1) * featureCount]
      result.neighbours += neighbours[neighbourOffsets[row]..<neighbourOffsets[row + 1]]
      result.neighbourOffsets.append(result.neighbours.count)
    }
    result.nodeOffsets.append(nodeOffsets[graph + 1] - nodeOffsets[graph])
    return result
  }
}
