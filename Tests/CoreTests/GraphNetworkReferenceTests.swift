import Foundation
import Testing

@testable import Core
@testable import Numerics

/// The outputs and gradients of small networks equal those of `Tests/Reference/graph_networks_reference.py`.
@Suite struct GraphNetworkReferenceTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let network: any GraphNetwork
    var isRanking = false
    let outputs: [Double]
    let loss: Double
    let norm: Double
    /// The sum over all gradients of the k-th one times sin(k / 2).
    let sum: Double
  }

  static let cases = [
    Case(
      testDescription: "nnlqp", network: NNLQPNetwork(features: 6, totals: 3, layers: 2, units: 7, dropout: 0),
      outputs: [1.97695, 1.67788, 2.5695], loss: 2.57491, norm: 14.4381, sum: -5.56056),
    Case(
      testDescription: "gates on edges",
      network: GATES(operations: .onEdges, layers: 3, units: 5, embedding: 4).makeNetwork(features: 6),
      isRanking: true, outputs: [-0.900167, -0.84511, -0.845687], loss: 0.0632957, norm: 0.245505, sum: -0.0494836),
    Case(
      testDescription: "gates on nodes",
      network: GATES(operations: .onNodes, readout: .output, layers: 3, units: 5, embedding: 4).makeNetwork(
        features: 6),
      isRanking: true, outputs: [-1.0473, -0.97747, -0.968186], loss: 0.0534492, norm: 0.328073, sum: -0.106146),
    Case(
      testDescription: "nar-former", network: NARFormer(blocks: 2, width: 8, heads: 2).makeNetwork(features: 6),
      outputs: [-1.05907, -0.0719585, 0.101637], loss: 1.00715, norm: 223.21, sum: -16.2438),
    Case(
      testDescription: "nar-former-v2", network: NARFormerV2(layers: 2, width: 8, groups: 2).makeNetwork(features: 6),
      outputs: [6.69986, 4.77463, 8.18158], loss: 38.285, norm: 303.089, sum: 27.3232),
  ]

  @Test(arguments: cases) func agreesWithPyTorch(_ expected: Case) throws {
    let graphs = EncodedGraphs(
      neighbours: [[[], [0], [0], [1, 2]], [[], [0], [1]], [[], [0], [0], [1], [2, 3], [4]]], featureCount: 6
    ) { graph, node, column in sin(1 + 1.3 * Double(graph) + 0.7 * Double(node) + 2.1 * Double(column)) }
    let layout = expected.network.layout
    let parameters = ParameterVector(layout, seed: 0)
    parameters.values = layout.tensors.flatMap { tensor in
      let isScale = tensor.name.split(separator: ".").last?.hasPrefix("scale") == true
      return tensor.range.map { 0.4 * sin(0.9 * Double($0)) + (isScale ? 1 : 0) }
    }
    let tape = Tape()
    let weights = try tape.bind(parameters)
    let outputs = try expected.network.outputs(GraphRows(0..<3, of: graphs, on: tape), weights, dropoutSeed: nil)
    let targets = tape.constant([0.25, 1, 0.5], rows: 3, columns: 1)
    let loss =
      try expected.isRanking ? outputs.pairwiseRankingHinge(against: targets) : outputs.squaredError(from: targets)
    try tape.backward(from: loss)
    let gradients = try weights.gradients()
    for (ours, theirs) in zip(outputs.values, expected.outputs) {
      #expect(abs(ours - theirs) < 2e-4 * (1 + abs(theirs)))
    }
    #expect(abs(loss.scalar - expected.loss) < 2e-4 * expected.loss)
    let norm = gradients.reduce(0) { $0 + $1 * $1 }.squareRoot()
    #expect(abs(norm - expected.norm) < 5e-4 * expected.norm)
    let sum = gradients.enumerated().reduce(0) { $0 + $1.element * sin(Double($1.offset) / 2) }
    #expect(abs(sum - expected.sum) < 2e-3 * expected.norm)
  }
}
