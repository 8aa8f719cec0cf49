import Foundation
import Numerics

/// The state on which the remaining epochs depend, and the results of the completed ones.
struct TrainerState: Codable {
  /// The records of the completed epochs.
  var history: [EpochRecord]
  var seconds: Double
  var step: Int
  var random: SeededGenerator
  /// The order of the samples. The next epoch shuffles it further.
  var order: Data
  var weights: Data
  var optimizer: OptimizerState.Snapshot
  var learningRate: LearningRateProgress
  var best: BestEpoch
  var average: WeightAverage
}
