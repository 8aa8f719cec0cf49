import Foundation
import Testing

@testable import Core

/// The predictions equal those of `Tests/Reference/boosted_trees_reference.py`, which tries all splits.
@Suite struct BoostedTreesReferenceTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let recipe: BoostedTrees
    let validation: [Int]
    /// The number of leaves of each tree that is kept.
    let leaves: [Int]
    /// The predictions for the training part, the validation part and five other networks.
    let latencies: [Double]
  }

  static let cases = [
    Case(
      testDescription: "without penalty",
      recipe: BoostedTrees(
        trees: 8, learningRate: 0.5, mostDepth: 2, leafSamples: 1, penalty: 0, columnShare: 1, seed: 1),
      validation: [], leaves: [4, 4, 3, 4, 3, 4, 4, 4],
      latencies: [
        1.047994, 8.594483, 4.149569, 7.751894, 4.149569, 4.810750, 4.149569, 26.102092, 4.666163, 3.354545, 2.905321,
        4.149569, 15.042154, 3.625302, 15.042154, 1.332916, 26.102092, 5.281465, 2.930724, 8.594483, 1.332916,
        15.042154, 4.149569, 7.751894,
      ]),
    Case(
      testDescription: "with penalty",
      recipe: BoostedTrees(
        trees: 8, learningRate: 0.5, mostDepth: 3, leafSamples: 2, penalty: 1, columnShare: 1, seed: 1),
      validation: [], leaves: [5, 5, 5, 4, 5, 4, 5, 6],
      latencies: [
        1.389167, 10.430820, 4.680101, 8.306265, 4.680101, 5.441807, 3.939757, 19.203467, 4.627517, 3.043313, 2.462444,
        3.939757, 14.154907, 3.109822, 19.203467, 1.908866, 18.172728, 7.058625, 2.263156, 11.022446, 1.908866,
        13.395148, 4.680101, 11.560512,
      ]),
    // Of 40 trees, the first 12 have the least error on the validation part.
    Case(
      testDescription: "with validation",
      recipe: BoostedTrees(
        trees: 40, learningRate: 0.3, mostDepth: 3, leafSamples: 2, penalty: 0.5, columnShare: 1, seed: 1),
      validation: Array(14..<19), leaves: [5, 5, 6, 5, 5, 4, 4, 5, 4, 5, 6, 4],
      latencies: [
        1.401011, 9.999890, 4.568978, 8.176064, 4.661388, 5.078216, 3.963068, 19.502425, 4.592223, 3.045808, 2.450576,
        3.908918, 14.906547, 3.360098, 19.502425, 1.950164, 15.621233, 5.808170, 2.413917, 12.484424, 1.950164,
        12.181476, 4.568978, 10.484789,
      ]),
  ]

  /// Networks that differ in their numbers of additions and of activations, so that trees compare these alone.
  private func data() throws -> Dataset {
    var graphs: [NetworkGraph] = []
    var latencies: [Double] = []
    for number in 0..<24 {
      let additions = 7 * number % 5
      let activations = 1 + 5 * number % 9
      graphs.append(
        try chain(
          "\(number)",
          Array(repeating: Node(.add), count: additions) + Array(repeating: Node(.relu), count: activations)))
      let slow: Double = activations > 4 ? 4 : 1
      let work: Double = slow + 0.5 * Double(additions * activations)
      latencies.append(work * (1 + 0.3 * sin(3 * Double(number))))
    }
    return try Dataset(device: "d", graphs: graphs, latencies: latencies)
  }

  @Test(arguments: cases) func agreesWithAllSplitsTried(_ expected: Case) throws {
    let data = try data()
    let split = try Split(training: Array(0..<14), validation: expected.validation, test: [])
    let predictor = try expected.recipe.fit(to: data, split: split).predictor
    #expect(predictor.treeCount == expected.leaves.count)
    #expect(predictor.trees.map { tree in tree.nodes.count { $0.column == nil } } == expected.leaves)
    let predictions = try predictor.predict(data.graphs)
    #expect(predictions.count == expected.latencies.count)
    for (ours, theirs) in zip(predictions, expected.latencies) { #expect(abs(ours / theirs - 1) < 1e-5) }
  }
}
