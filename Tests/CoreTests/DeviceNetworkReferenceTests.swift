import Foundation
import Testing

@testable import Core
@testable import Numerics

/// The outputs and gradients equal those of `Tests/Reference/device_networks_reference.py`.
@Suite struct DeviceNetworkReferenceTests {
  private static let neighbours: [[[Int32]]] = [
    [[0, 1, 2, 3], [1, 2], [2, 3], [3]], [[0, 1, 2], [1, 2], [2]],
    [[0, 1, 2, 3, 4, 5], [1, 2, 3], [2, 4], [3, 4], [4, 5], [5]],
  ]
  private static let graphs = EncodedGraphs(neighbours: neighbours, featureCount: 6) { graph, node, column in
    sin(1 + 1.3 * Double(graph) + 0.7 * Double(node) + 2.1 * Double(column))
  }
  private let tape = Tape()

  private func parameters(_ layout: ParameterLayout) -> ParameterVector {
    let vector = ParameterVector(layout, seed: 0)
    vector.values = layout.tensors.flatMap { tensor in
      let isScale = tensor.name.split(separator: ".").last?.hasPrefix("scale") == true
      let isRate = tensor.name.hasPrefix("rates.")
      return tensor.range.map {
        let value = 0.4 * sin(0.9 * Double($0))
        return isRate ? 0.05 + 0.1 * value : value + (isScale ? 1 : 0)
      }
    }
    return vector
  }

  private func expect(
    _ outputs: Variable, _ theirs: [Double], _ loss: Variable, _ value: Double, norm: Double, sum: Double,
    _ weights: Weights
  ) throws {
    try tape.backward(from: loss)
    let gradients = try weights.gradients()
    for (ours, theirs) in zip(outputs.values, theirs) { #expect(abs(ours - theirs) < 2e-4 * (1 + abs(theirs))) }
    #expect(abs(loss.scalar - value) < 2e-4 * value)
    #expect(abs(gradients.reduce(0) { $0 + $1 * $1 }.squareRoot() - norm) < 1e-3 * norm)
    let ours = gradients.enumerated().reduce(0) { $0 + $1.element * sin(Double($1.offset) / 2) }
    #expect(abs(ours - sum) < 2e-3 * norm)
  }

  private var rows: GraphRows { GraphRows(0..<3, of: Self.graphs, on: tape) }
  private var targets: Variable { tape.constant([0.25, 1, 0.5], rows: 3, columns: 1) }

  @Test func multiPredict() throws {
    let network = MultiPredict(layers: 2, units: 5, hiddenUnits: 6).makeNetwork(features: 6, devices: 2)
    let weights = try tape.bind(parameters(network.layout))
    let outputs = try network.outputs(rows, devices: [1, 0, 1], weights, dropoutSeed: nil)
    try expect(
      outputs, [-0.373255, -0.414993, -0.739177], outputs.squaredError(from: targets), 1.30874, norm: 6.3421,
      sum: -0.425421, weights)
  }

  @Test func nasflat() throws {
    let network = NASFLAT(layers: 2, units: 5).makeNetwork(features: 6, devices: 2)
    let weights = try tape.bind(parameters(network.layout))
    let outputs = try network.outputs(rows, devices: [1, 0, 1], weights, dropoutSeed: nil)
    let loss = try outputs.rankingHinge(against: [0.25, 1, 0.5], of: [1, 0, 1], margin: 0.1)
    try expect(
      outputs, [-0.715146, -0.740007, -0.664282], loss, 0.0491357, norm: 2.91257, sum: -0.141281, weights)
  }

  @Test(arguments: [(true, 1.26747, 0.101625), (false, 1.47089, 0.0906839)])
  func help(_ secondOrder: Bool, _ norm: Double, _ sum: Double) throws {
    let network = HELPNetwork(HELP(references: 2, layers: 2, units: 3, steps: 2), features: 6)
    let weights = try tape.bind(parameters(network.layout))
    let (adapted, divergence) = try network.adapted(
      weights, to: rows, device: [0.3, -0.7], targets: [0.25, 1, 0.5],
      noise: (0..<network.noiseCount).map { sin(1.7 * Double($0)) }, differentiable: secondOrder)
    let outputs = try network.outputs(rows, device: [0.3, -0.7], adapted)
    let loss =
      try outputs.squaredError(from: tape.constant([0.5, -1, 0.2], rows: 3, columns: 1)) + 0.1 * divergence
    try expect(outputs, [0.174141, 0.165951, 0.076201], loss, 0.525193, norm: norm, sum: sum, weights)
  }

  @Test func discrepancy() throws {
    let vectors = tape.variable(
      (0..<6).flatMap { row in (0..<3).map { sin(0.5 + 1.1 * Double(row) + 0.7 * Double($0)) } }, rows: 6, columns: 3)
    let value = try LocalDiscrepancy(targets: [1, 2, 3], predictions: [1.5, 0, 2.5], classes: 2).value(of: vectors)
    #expect(abs(value.scalar - 5.62727) < 1e-3)
    let gradient = try tape.gradients(of: value, withRespectTo: [vectors])[0].values
    #expect(abs(gradient.reduce(0) { $0 + $1 * $1 }.squareRoot() - 2.04422) < 1e-3)
    // Equal rows have no discrepancy. A class that is empty on one side doesn't count.
    let same = tape.constant(0.5, rows: 6, columns: 3)
    #expect(
      abs(try LocalDiscrepancy(targets: [1, 2, 3], predictions: [1, 2, 3], classes: 3).value(of: same).scalar) < 1e-5)
    #expect(
      try LocalDiscrepancy(targets: [1, 1, 2, 2], predictions: [3, 3, 3, 3], classes: 2).value(of: vectors.rows(0..<4))
        .tape === tape)
  }

  /// Vectors that are long and nearly equal, as adaptation makes them: rounding leaves squared distances below 0.
  @Test func discrepancyOfNearlyEqualVectors() throws {
    let values = (0..<96).map { place -> Double in
      let column = Double(place % 16)
      let own: Double = 1e-5 * sin(1.3 * Double(place))
      return 300 + sin(0.7 * column) + own
    }
    let vectors = tape.variable(values, rows: 6, columns: 16)
    let value = try LocalDiscrepancy(targets: [1, 2, 3], predictions: [1.5, 0, 2.5], classes: 1).value(of: vectors)
    #expect(value.scalar.isFinite && abs(value.scalar) < 10)
    let gradient = try tape.gradients(of: value, withRespectTo: [vectors])[0].values
    #expect(gradient.allSatisfy { $0.isFinite })
  }

  /// Each row holds indices of tokens, and -1 after the last one. The global node has none.
  @Test func cobra() throws {
    let lines = EncodedGraphs(neighbours: Self.neighbours, featureCount: 3) { graph, node, place in
      node > 0 && place < 1 + node % 3 ? Double((7 * graph + 3 * node + place) % 5) : -1
    }
    let network = COBRA(readers: 1, width: 4, layers: 2, units: 5).makeNetwork(features: 3)
    let weights = try tape.bind(parameters(network.layout))
    let outputs = try network.outputs(GraphRows(0..<3, of: lines, on: tape), weights, dropoutSeed: nil)
    try expect(
      outputs, [0.109896, 0.101259, 0.0925106], outputs.squaredError(from: targets), 0.331137, norm: 2.60178,
      sum: 2.54705, weights)
  }
}
