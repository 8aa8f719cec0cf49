import Foundation
import Testing

@testable import Core
@testable import Numerics

/// The outputs, the objective and their gradients equal those of `Tests/Reference/cdp_reference.py`.
@Suite struct CDPReferenceTests {
  /// Three graphs of the source, three of the target and two assistants. Each node aggregates itself and its
  /// predecessors.
  private let inputs: CDPInputs = {
    let shapes: [[[Int32]]] = [
      [[0], [0, 1], [0, 2], [1, 2, 3]], [[0], [0, 1], [1, 2]], [[0], [0, 1], [0, 2], [1, 3], [2, 3, 4], [4, 5]],
    ]
    let graphs = EncodedGraphs(neighbours: (0..<8).map { shapes[$0 % 3] }, featureCount: 6) { graph, node, column in
      let angle: Double = 1 + 1.3 * Double(graph) + 0.7 * Double(node) + 2.1 * Double(column)
      return 4 * sin(angle)
    }
    return CDPInputs(encoded: graphs, targets: 3..<6, assistants: 6..<8)
  }()

  private let network = CDPNetwork(CDP(weight: 2, layers: 2, units: 6, vector: 5), features: 6)
  private let tape = Tape()

  private func boundWeights() throws -> Weights {
    let parameters = ParameterVector(network.layout, seed: 0)
    parameters.values = (0..<network.layout.count).map { 0.4 * sin(0.9 * Double($0)) }
    return try tape.bind(parameters)
  }

  private func batch(progress: Double, seed: UInt64?) -> TrainingBatch {
    TrainingBatch(
      samples: [0, 1, 2], targets: [0.11, -1, 0.9], scale: .asItIs, loss: .squared, dropoutSeed: seed,
      progress: progress)
  }

  private func expect(_ loss: Variable, _ value: Double, norm: Double, sum: Double, _ weights: Weights) throws {
    try tape.backward(from: loss)
    let gradients = try weights.gradients()
    #expect(abs(loss.scalar - value) < 2e-4 * value)
    #expect(abs(gradients.reduce(0) { $0 + $1 * $1 }.squareRoot() - norm) < 1e-3 * norm)
    let ours = gradients.enumerated().reduce(0) { $0 + $1.element * sin(Double($1.offset) / 2) }
    #expect(abs(ours - sum) < 2e-3 * norm)
  }

  @Test func outputs() throws {
    let weights = try boundWeights()
    let outputs = try network.outputs([0, 1, 2], of: inputs, weights, dropoutSeed: nil)
    #expect(outputs.rows == 3 && outputs.columns == 1)
    for (ours, theirs) in zip(outputs.values, [0.194317, 0.0463383, 0.0870973]) { #expect(abs(ours - theirs) < 2e-5) }
    let targets = tape.constant([0.11, -1, 0.9], rows: 3, columns: 1)
    try expect(outputs.squaredError(from: targets), 0.587581, norm: 0.709284, sum: 0.37802, weights)
  }

  /// At 10 % of training, the assistants are in the place of the target. There is one class at 25 %, two at 50 % and
  /// three at 75 %, of which no prediction falls into the last one.
  @Test(arguments: [
    (0.1, 2.97972, 8.09734, -2.05574), (0.25, 2.53101, 11.9952, 3.49944), (0.5, 6.31904, 39.5896, 17.5149),
    (0.75, 8.40607, 56.4048, 22.8772),
  ]) func objective(_ progress: Double, _ value: Double, _ norm: Double, _ sum: Double) throws {
    let weights = try boundWeights()
    let objective = try network.objective(batch(progress: progress, seed: 4), of: inputs, weights)
    let loss = try #require(objective)
    try expect(loss, value, norm: norm, sum: sum, weights)
  }

  /// A validation, which has no seed, and the control use the loss of the options.
  @Test func objectiveIsForTrainingWithADiscrepancy() throws {
    let weights = try boundWeights()
    let validated = try network.objective(batch(progress: 0.5, seed: nil), of: inputs, weights)?.rows
    #expect(validated == nil)
    let control = CDPNetwork(CDP(weight: 0, layers: 2, units: 6, vector: 5), features: 6)
    #expect(control.layout == network.layout)
    let controlled = try control.objective(batch(progress: 0.5, seed: 4), of: inputs, weights)?.rows
    #expect(controlled == nil)
  }
}
