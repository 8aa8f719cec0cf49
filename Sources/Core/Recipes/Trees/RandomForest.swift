import Foundation
import Numerics

/// A random forest (Breiman, 2001) on `TabularFeatures` that predicts the logarithm of the latency.
///
/// Each tree is grown on a bootstrap sample and considers `columnsPerSplit` random columns for each split. The forest
/// predicts the mean of its trees, and their standard deviation is the spread.
///
/// ```swift
/// let fit = try RandomForest(trees: 100).fit(to: data, split: split, label: "forest")
/// ```
public struct RandomForest: Recipe {
  public typealias Predictor = TreesPredictor
  public static let family = "random-forest"

  public var trees: Int
  public var mostDepth: Int
  /// The least number of samples of a leaf.
  public var leafSamples: Int
  /// The fraction of columns that are considered for each split.
  public var columnShare: Double
  public var seed: UInt64

  public init(
    trees: Int = 100, mostDepth: Int = 40, leafSamples: Int = 1, columnShare: Double = 0.5,
    seed: UInt64 = TrainingContext.current.seed
  ) {
    self.trees = trees
    self.mostDepth = mostDepth
    self.leafSamples = leafSamples
    self.columnShare = columnShare
    self.seed = seed
  }

  public func reseeded(by offset: UInt64) -> RandomForest {
    var result = self
    result.seed &+= offset
    return result
  }

  /// - Throws: `InputError` when a setting is out of its range, or a latency is not above 0.
  public func learn(from data: Dataset, split: Split, in context: TrainingContext) throws -> Fit<RandomForest> {
    guard trees >= 1, mostDepth >= 1, leafSamples >= 1, columnShare > 0, columnShare <= 1 else {
      throw InputError(
        "a forest can't have \(trees) trees of depth \(mostDepth) with \(leafSamples) samples a leaf and the share "
          + "\(columnShare) of columns",
        remedy: "Use at least 1 of each and a share of at most 1: 100 trees and 0.5 are usual.")
    }
    let task = try TreeTask(data[split.training])
    let growth = TreeGrowth(
      mostDepth: mostDepth, leafSamples: leafSamples,
      columnsPerSplit: max(Int(clamping: (Double(task.table.columnCount) * columnShare).rounded()), 1))
    let count = task.targets.count
    // A tree is too small a task for a job of its own on a cluster.
    var alone = context
    alone.sweepPoints = nil
    let grown = try alone.run {
      try sweep(over: Array(0..<trees)) { number in
        var random = SeededGenerator(seed: seed &+ UInt64(number) &* 0x9E37_79B9_7F4A_7C15)
        let samples = (0..<count).map { _ in Int32(Int.random(in: 0..<count, using: &random)) }
        return growth.tree(task.table, targets: task.targets, samples: samples, using: &random)
      }
    }
    return Fit(
      self,
      TreesPredictor(
        features: task.features, trees: grown, thresholds: task.table.thresholds, constant: task.mean,
        factor: 1 / Double(trees), areMembers: true, unit: data.unit, device: data.measuredOn))
  }
}

/// The training data of trees: binned columns, and logarithms minus their mean.
struct TreeTask {
  let features: TabularFeatures
  let table: BinnedTable
  let mean: Double
  let targets: [Double]

  /// - Throws: `InputError` when a latency is not above 0, or an operation is unknown.
  init(_ training: Dataset) throws {
    features = try TabularFeatures(fitting: training.graphs)
    table = BinnedTable(try features.rows(of: training.graphs))
    let logarithms = try Self.logarithms(training)
    let mean = logarithms.reduce(0, +) / Double(logarithms.count)
    self.mean = mean
    targets = logarithms.map { $0 - mean }
  }

  static func logarithms(_ data: Dataset) throws -> [Double] {
    try data.requirePositiveLatencies(for: "trees need")
    return data.latencies.map { CorrectlyRounded.log($0) }
  }
}
