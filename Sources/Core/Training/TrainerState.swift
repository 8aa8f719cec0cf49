import Foundation
import Numerics

/// All that the epochs to come depend on, and what came of those gone through.
struct TrainerState: Codable {
  /// Epochs gone through.
  var history: [EpochRecord]
  var seconds: Double
  var step: Int
  var random: SeededGenerator
  /// The shuffled samples, of which the next epoch shuffles on.
  var order: Data
  var weights: Data
  var optimizer: OptimizerState.Snapshot
  var learningRate: LearningRateProgress
  var best: BestEpoch
  var average: WeightAverage
}
