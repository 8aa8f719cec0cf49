import Foundation
import Testing

@testable import Core

@Suite struct NodeContextTests {
  /// An input, two parallel convolutions, a third convolution after one of them, and their sum, listed out of order.
  private func graph(_ id: String = "branches") throws -> NetworkGraph {
    try NetworkGraph(
      id: id,
      nodes: [Node(.add), Node(.input), Node(.convolution), Node(.convolution), Node(.convolution), Node(.removed)],
      edges: [Edge(1, 2), Edge(1, 3), Edge(3, 4), Edge(2, 0), Edge(4, 0)])
  }

  /// The context columns of each node, decoded to counts and joined to a string.
  private func counts(_ context: [NodeContext], globalNode: Bool = true) throws -> [String] {
    let encoding = GraphEncoding(
      operations: try .standard.restricted(to: [.add, .convolution, .input]), context: context, globalNode: globalNode)
    let encoded = try encoding.encode([chain("other", [Node(.input), Node(.add)]), graph()])
    #expect(encoding.featureNames.count == encoding.featureCount)
    return (encoded.nodeOffsets[1]..<encoded.nodeOffsets[2]).map { row in
      let start = row * encoding.featureCount + encoding.contextStart
      let end = (row + 1) * encoding.featureCount - (globalNode ? 1 : 0)
      return encoded.features[start..<end].map { String(Int(exp($0).rounded()) - 1) }.joined()
    }
  }

  /// The columns are add, conv, input.
  @Test(arguments: [
    ([NodeContext.ancestors], ["031", "000", "001", "001", "011", "000"]),
    ([.descendants], ["000", "130", "100", "110", "100", "000"]),
    ([.predecessors], ["020", "000", "001", "001", "010", "000"]),
    ([.successors], ["000", "020", "100", "010", "100", "000"]),
    ([.degrees], ["20", "02", "11", "11", "11", "00"]),
    ([.degrees, .ancestors], ["20031", "02000", "11001", "11001", "11011", "00000"]),
    ([], ["", "", "", "", "", ""]),
  ])
  func columns(_ context: [NodeContext], _ rows: [String]) throws {
    #expect(try counts(context, globalNode: false) == rows)
    // The global node has no context.
    #expect(try counts(context) == [String(repeating: "0", count: rows[0].count)] + rows)
  }

  @Test func names() throws {
    let encoding = GraphEncoding(
      operations: try .standard.restricted(to: [.input, .add]), context: [.ancestors, .degrees])
    #expect(
      encoding.featureNames == [
        "add", "input", "ancestors: add", "ancestors: input", "predecessors", "successors", "global",
      ])
  }

  @Test func tellsApartWhatOneDirectionOfLayersCannot() throws {
    // The two convolutions are in sequence or parallel, at the same distance from the output.
    let fitted = try GraphEncoding(fitting: [graph()], context: NodeContext.allCases)
    #expect(fitted.context == [.ancestors, .descendants, .predecessors, .successors, .degrees])
    #expect(try handedOn(fitted) == fitted)
  }

  @Test func encodingsFromBeforeAreRead() throws {
    let encoding = GraphEncoding(operations: .standard)
    let text = String(decoding: try JSONEncoder().encode(encoding), as: UTF8.self)
    let old = text.replacing("\"context\":[],", with: "").replacing(",\"context\":[]", with: "")
    #expect(!old.contains("context"))
    #expect(try JSONDecoder().decode(GraphEncoding.self, from: Data(old.utf8)) == encoding)
  }

  @Test func reachesThroughAGraphOfTenThousandNodes() {
    let count = 10_000
    let reachability = Reachability((1..<count).map { Edge($0 - 1, $0) }, nodeCount: count)
    var reached = [Int](repeating: 0, count: count)
    reachability.forEachPair { node, _ in reached[node] += 1 }
    #expect(reached == (0..<count).map { count - 1 - $0 })
  }
}
