import Foundation
import Numerics

/// Gradient boosting (Friedman, 2001) of the logarithm of the latency, by trees on `TabularFeatures` with columns cut
/// into at most 256 bins.
///
/// Each tree is grown on the residuals of the logarithms, and `learningRate` times the tree is added. The value of a
/// leaf is the sum of its samples divided by their number plus `penalty`. With a validation part, the number of trees
/// is the one with the least squared error on it.
///
/// ```swift
/// let fit = try BoostedTrees(trees: 400).fit(to: data, split: split, label: "boosted trees")
/// ```
public struct BoostedTrees: Recipe {
  public typealias Predictor = TreesPredictor
  public static let family = "boosted-trees"

  public var trees: Int
  public var learningRate: Double
  public var mostDepth: Int
  /// The least number of samples of a leaf; with few samples a quarter of them, if that is less.
  public var leafSamples: Int
  public var penalty: Double
  /// The fraction of columns that are considered for each split, drawn by `seed`.
  public var columnShare: Double
  public var seed: UInt64

  public init(
    trees: Int = 400, learningRate: Double = 0.05, mostDepth: Int = 6, leafSamples: Int = 5, penalty: Double = 1,
    columnShare: Double = 0.5, seed: UInt64 = TrainingContext.current.seed
  ) {
    self.trees = trees
    self.learningRate = learningRate
    self.mostDepth = mostDepth
    self.leafSamples = leafSamples
    self.penalty = penalty
    self.columnShare = columnShare
    self.seed = seed
  }

  public func reseeded(by offset: UInt64) -> BoostedTrees {
    var result = self
    result.seed &+= offset
    return result
  }

  /// - Throws: `InputError` when a setting is out of its range, or a latency is not above 0.
  public func learn(from data: Dataset, split: Split, in context: TrainingContext) throws -> Fit<BoostedTrees> {
    guard trees >= 1, mostDepth >= 1, leafSamples >= 1, learningRate > 0, learningRate <= 1, penalty >= 0,
      columnShare > 0, columnShare <= 1
    else {
      throw InputError(
        "\(trees) trees of depth \(mostDepth) can't be boosted with the learning rate \(learningRate), "
          + "\(leafSamples) samples a leaf, the penalty \(penalty) and the share \(columnShare) of columns",
        remedy: "400 trees of depth 6 with 0.05, 5 samples, 1 and 0.5 are usual.")
    }
    let task = try TreeTask(data[split.training])
    let validation = data[split.validation]
    let held = try task.features.rows(of: validation.graphs)
    var heldRest = try TreeTask.logarithms(validation).map { $0 - task.mean }
    let growth = TreeGrowth(
      mostDepth: mostDepth, leafSamples: min(leafSamples, max(task.targets.count / 4, 1)),
      columnsPerSplit: columnShare < 1
        ? max(Int(clamping: (Double(task.table.columnCount) * columnShare).rounded()), 1) : nil, penalty: penalty)
    let rows = try task.features.rows(of: data[split.training].graphs)
    let samples = (0..<task.targets.count).map { Int32($0) }
    var random = SeededGenerator(seed: seed)
    var rest = task.targets
    var grown: [RegressionTree] = []
    var best = (count: trees, loss: Double.infinity)
    for number in 1...trees {
      let tree = growth.tree(task.table, targets: rest, samples: samples, using: &random)
      grown.append(tree)
      for (sample, row) in rows.enumerated() { rest[sample] -= learningRate * tree.value(row) }
      if held.isEmpty { continue }
      for (sample, row) in held.enumerated() { heldRest[sample] -= learningRate * tree.value(row) }
      let loss = heldRest.reduce(0) { $0 + $1 * $1 }
      if loss < best.loss { best = (number, loss) }
    }
    return Fit(
      self,
      TreesPredictor(
        features: task.features, trees: Array(grown.prefix(best.count)), thresholds: task.table.thresholds,
        constant: task.mean, factor: learningRate, areMembers: false, unit: data.unit, device: data.measuredOn))
  }
}
