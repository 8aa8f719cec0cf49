import Foundation

/// Which of the weights that a training run went through its predictor gets.
public enum WeightChoice: Codable, Hashable, Sendable {
  /// Those of the epoch with the least validation loss; without a validation part the last.
  case bestEpoch
  /// Those of the last epoch, whatever the validation loss. Suits schedules that end near 0, and leaves the validation
  /// part unseen, as intervals need it.
  case lastEpoch
  /// The mean of the weights after each of the last epochs (Izmailov and others, 2018), which are this share of all.
  case average(share: Double)

  func validate(with earlyStopping: EarlyStopping?) throws {
    if case .average(let share) = self, !(share > 0 && share <= 1) {
      throw InputError(
        "weights can't be averaged over the share \(share) of all epochs", remedy: "Use a share above 0, up to 1.")
    }
    if self != .bestEpoch, earlyStopping != nil {
      throw InputError(
        "a run that stops early can't have the weights of its last epochs",
        remedy: "Leave out earlyStopping, or choose the weights .bestEpoch.")
    }
  }
}

/// The running mean of weights over the epochs so far that count.
struct WeightAverage: Codable {
  private var epochs = 0
  private var mean: [Double] = []

  /// The mean, or nil before the first epoch that counts.
  var weights: [Float]? { epochs == 0 ? nil : mean.map(Float.init) }

  /// Takes note of the weights after an epoch.
  mutating func add(_ weights: UnsafeBufferPointer<Float>) {
    epochs += 1
    if mean.count != weights.count { mean = Array(repeating: 0, count: weights.count) }
    for (position, weight) in weights.enumerated() {
      mean[position] += (Double(weight) - mean[position]) / Double(epochs)
    }
  }
}
