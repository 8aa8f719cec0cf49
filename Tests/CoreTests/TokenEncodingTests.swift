import Foundation
import Testing

@testable import Core

@Suite struct TokenEncodingTests {
  private func diamond(_ order: [Int] = [0, 1, 2, 3]) throws -> NetworkGraph {
    let nodes = [Node(.input), Node(.relu), Node("sigmoid"), Node(.add)]
    let places = order.indices.map { order.firstIndex(of: $0) ?? 0 }
    return try NetworkGraph(
      id: "diamond", nodes: order.map { nodes[$0] },
      edges: [(0, 1), (0, 2), (1, 3), (2, 3)].map { Edge(places[$0.0], places[$0.1]) })
  }

  @Test func ordersAreTopological() throws {
    #expect(try diamond().topologicalOrder() == [0, 1, 2, 3])
    #expect(try diamond().topologicalOrder { $0 - 1 } == [0, 2, 1, 3])
    #expect(try diamond([3, 2, 1, 0]).topologicalOrder() == [3, 1, 2, 0])
  }

  /// With one frequency, the code of p is sin p, cos p. The operations' indices are add 0, input 1, relu 2, sigmoid
  /// 3; the last token's index is 4.
  @Test func tokensTellOperationPlaceAndSources() throws {
    let graph = try diamond()
    let encoding = TokenEncoding(nodes: try GraphEncoding(fitting: [graph], globalNode: false), frequencies: 1)
    #expect(encoding.featureCount == 6)
    let encoded = try encoding.encode([graph])
    #expect(encoded.rowCount == 5)
    func expectRow(_ row: Int, _ numbers: [Double]) {
      for (value, expected) in zip(encoded.features[row * 6..<row * 6 + 6], numbers) {
        #expect(abs(Double(value) - expected) < 1e-6)
      }
    }
    expectRow(0, [sin(1), cos(1), sin(0), cos(0), 0, 0])
    expectRow(1, [sin(2), cos(2), sin(1), cos(1), sin(0), cos(0)])
    expectRow(3, [sin(0), cos(0), sin(3), cos(3), sin(1) + sin(2), cos(1) + cos(2)])
    expectRow(4, [sin(4), cos(4), sin(4), cos(4), 0, 0])
  }

  @Test func removedNodesAreNoTokens() throws {
    let cell = try NASBench201.Cell("|nor_conv_3x3~0|+|none~0|none~1|+|none~0|nor_conv_1x1~1|none~2|")
    let graph = cell.graph(id: "c", .pruned)
    let encoding = TokenEncoding(nodes: try GraphEncoding(fitting: [graph], globalNode: false), frequencies: 4)
    #expect(try encoding.encode([graph]).rowCount == 5)
  }

  /// The augmentation renumbers nodes that don't depend on each other. The order of other nodes has no effect.
  @Test func theNumberingOfAChainDecidesOnNothing() throws {
    let nodes = [Node(.input), Node(.relu), Node(.add)]
    let forward = try NetworkGraph(id: "f", nodes: nodes, edges: [Edge(0, 1), Edge(1, 2)])
    let backward = try NetworkGraph(id: "b", nodes: nodes.reversed(), edges: [Edge(2, 1), Edge(1, 0)])
    let encoding = TokenEncoding(nodes: try GraphEncoding(fitting: [forward], globalNode: false), frequencies: 3)
    #expect(try encoding.encode([forward]) == encoding.encode([backward]))
  }
}
