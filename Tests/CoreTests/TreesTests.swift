import Foundation
import Numerics
import Testing

@testable import Core

@Suite struct TreesTests {
  /// The columns are x and y. The target is 1 if x is above 2, and 10 more if y is above 5, too.
  @Test func splitsWhereTargetsDo() {
    let rows = (0..<40).map { [Double($0 % 5), Double($0 / 5)] }
    let targets = rows.map { $0[0] > 2 ? ($0[1] > 5 ? 11.0 : 1) : 0 }
    var random = SeededGenerator(seed: 1)
    let tree = TreeGrowth(mostDepth: 3, leafSamples: 1).tree(
      BinnedTable(rows), targets: targets, samples: (0..<40).map { Int32($0) }, using: &random)
    #expect(zip(rows, targets).allSatisfy { tree.value($0) == $1 })
    #expect(tree.nodes.count <= 7)
    #expect(tree.value([2.4, 9]) == 0 && tree.value([2.6, 9]) == 11)
  }

  @Test func leavesHaveAtLeastSoManySamples() {
    let rows = (0..<20).map { [Double($0)] }
    var random = SeededGenerator(seed: 1)
    let tree = TreeGrowth(mostDepth: 20, leafSamples: 6).tree(
      BinnedTable(rows), targets: (0..<20).map { Double($0 * $0) }, samples: (0..<20).map { Int32($0) }, using: &random)
    let leaves = Dictionary(grouping: rows) { tree.value($0) }
    #expect(leaves.values.allSatisfy { $0.count >= 6 })
    #expect(leaves.count == 3)
  }

  /// A leaf of 3 samples with the target 4 and the penalty 1 has the value 12 / 4.
  @Test func penaltiesPullLeavesTowardsZero() {
    var random = SeededGenerator(seed: 1)
    let tree = TreeGrowth(mostDepth: 0, leafSamples: 1, penalty: 1).tree(
      BinnedTable([[1], [2], [3]]), targets: [4, 4, 4], samples: [0, 1, 2], using: &random)
    #expect(tree.nodes.map(\.value) == [3])
  }

  /// Values below, at, between and above all thresholds, a tree with one leaf, and numbers of rows that don't fill up
  /// the lanes.
  @Test(arguments: [1, 7, 8, 9, 300]) func rowsReachTheSameLeavesTogether(_ count: Int) {
    var random = SeededGenerator(seed: UInt64(count))
    let known = (0..<400).map { row in [Double(row), Double(row % 3), 7, random.uniform()] }
    let table = BinnedTable(known)
    var trees = (0..<5).map { depth in
      TreeGrowth(mostDepth: depth * 4, leafSamples: 1, columnsPerSplit: 2).tree(
        table, targets: known.map { $0[0] * $0[3] + $0[1] }, samples: (0..<400).map { Int32($0) }, using: &random)
    }
    trees.append(RegressionTree(nodes: [RegressionTree.Node(value: 5)]))
    let rows = (0..<count).map { row -> [Double] in
      if row % 3 == 0 { return [table.thresholds[0][row % 255], 0.5, -1, table.thresholds[3][row % 200]] }
      return [Double(row) * 2 - 20, Double(row % 5) - 1, 9, 2 * random.uniform() - 0.5]
    }
    var found = [[Double]](repeating: [], count: count)
    BinnedTrees(trees, thresholds: table.thresholds).forEachValue(of: rows[...]) { found[$0].append($1) }
    #expect(found == rows.map { row in trees.map { $0.value(row) } })
  }

  @Test func manyValuesAreCutAtQuantiles() {
    let rows = (0..<2000).map { [Double($0) * 0.5] }
    let table = BinnedTable(rows)
    #expect(table.thresholds[0].count == 255)
    #expect(Set(table.bins).count == 256)
    #expect(zip(table.thresholds[0], table.thresholds[0].dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test func forestsAreSmallAndTheSameOnAnyThreads() throws {
    let data = try PrunedResNet.load("epyc-ort-1t")
    let split = try data.split(.shuffled(seed: 1))
    let fit = try RandomForest(seed: 1).fit(to: data, split: split)
    #expect(try fit.predictor.safetensors().count < 1_000_000)
    var context = TrainingContext.current
    context.threads = 1
    #expect(try RandomForest(seed: 1).fit(to: data, split: split, in: context) == fit)
    #expect(try fit.predictor.estimate(data[split.test].graphs).allSatisfy { ($0.spread ?? 0) > 0 })
    #expect(try fit.predictor.evaluate(on: data[split.test]).share(within: 0.2) > 0.8)
    let boosted = try BoostedTrees(seed: 1).fit(to: data, split: split)
    #expect(try boosted.predictor.evaluate(on: data[split.test]).share(within: 0.1) > 0.75)
    #expect(boosted.predictor.treeCount <= 400)
  }

  /// The expected errors come from scikit-learn's exact trees on the same columns, by
  /// Tests/Reference/trees_reference.py.
  @Test func treesAreThoseOfScikitLearn() {
    let rows: [[Double]] = (0..<60).map { (row: Int) in
      (0..<3).map { (column: Int) in Double((row * (7 + 4 * column) + column) % 23) }
    }
    let targets: [Double] = rows.map { (row: [Double]) -> Double in
      let step: Double = row[1] > 11 ? 4 : 0
      return 0.5 * row[0] + step - 0.1 * row[2] * row[0]
    }
    var random = SeededGenerator(seed: 1)
    let tree = TreeGrowth(mostDepth: 3, leafSamples: 4).tree(
      BinnedTable(rows), targets: targets, samples: (0..<60).map { Int32($0) }, using: &random)
    let predictions = rows.map { tree.value($0) }
    let squares: [Double] = zip(predictions, targets).map { (prediction: Double, target: Double) -> Double in
      (prediction - target) * (prediction - target)
    }
    let error: Double = squares.reduce(0, +) / 60
    #expect(abs(error - Self.scikitError) < 1e-5)
    #expect(zip(predictions.prefix(5), Self.scikitPredictions).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  private static let scikitError = 8.072494246031749
  private static let scikitPredictions = [1.413333333, -2.65, -2.65, 10.95, -2.65]

  @Test func whatTheyCanNotDo() throws {
    let data = try PrunedResNet.load("epyc-ort-1t")
    let split = try Split(training: [0], validation: [], test: [])
    #expect(
      try message { _ = try RandomForest(trees: 0).fit(to: data, split: split) } == """
        a forest can't have 0 trees of depth 40 with 1 samples a leaf and the share 0.5 of columns
          Use at least 1 of each and a share of at most 1: 100 trees and 0.5 are usual.
        """)
    #expect(
      try message { _ = try BoostedTrees(learningRate: 0).fit(to: data, split: split) }.hasPrefix(
        "400 trees of depth 6 can't be boosted with the learning rate 0.0"))
    // One sample gives a constant.
    for predictor in [
      try RandomForest(trees: 2, seed: 1).fit(to: data, split: split).predictor,
      try BoostedTrees(trees: 2, seed: 1).fit(to: data, split: split).predictor,
    ] {
      #expect(try abs(predictor.predict([data.samples[0].graph])[0] / data.samples[0].latency - 1) < 1e-9)
    }
    // The error of a damaged file says what is wrong.
    let fit = try BoostedTrees(trees: 2, seed: 1).fit(
      to: data, split: Split(training: Array(0..<20), validation: [], test: []))
    var archive = try PredictorArchive(familyOf: fit.predictor)
    try fit.predictor.write(to: &archive)
    archive.setTensor("leaves", [Float(1)])
    let damaged = archive
    #expect(
      try message { _ = try TreesPredictor(reading: PredictorArchive(damaged.content, at: Place(file: "p"))) }
        == "p: a tree is damaged\n  Save the predictor again.")
    archive.setTensor("thresholdCounts", [Int32(2)] + [Int32](repeating: 0, count: fit.predictor.features.count - 1))
    archive.setTensor("thresholds", [2.0, 1])
    let disordered = archive
    #expect(
      try message { _ = try TreesPredictor(reading: PredictorArchive(disordered.content, at: Place(file: "p"))) }
        == "p: thresholds of trees are too many or not in order\n  Save the predictor again.")
  }

  /// On a cluster, the points of a sweep are jobs. Trees are too small for that.
  @Test func treesAreNoJobs() throws {
    let graphs = try (1...6).map { try chain("\($0)", Array(repeating: Node(.relu), count: $0)) }
    let data = try Dataset(device: "d", graphs: graphs, latencies: graphs.map { Double($0.nodes.count) })
    let split = try Split(training: Array(0..<6), validation: [], test: [])
    var context = TrainingContext.current
    context.sweepPoints = SweepPoints(
      own: nil, next: { 0 }, has: { _ in true }, take: { _ in .failure("it was a job") }, begin: {},
      finish: { _ in preconditionFailure("This process has no point of its own.") },
      ask: { _, _, _ in preconditionFailure("All points have outcomes.") })
    let fit = try context.run { try RandomForest(trees: 3, seed: 1).fit(to: data, split: split) }
    #expect(fit.predictor.treeCount == 3)
  }
}
