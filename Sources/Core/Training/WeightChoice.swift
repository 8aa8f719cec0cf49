import Foundation

/// The weights, among those after each epoch of a training run, that its predictor gets.
public enum WeightChoice: Codable, Hashable, Sendable {
  /// The weights of the epoch with the least validation loss; without a validation part those of the last epoch.
  case bestEpoch
  /// The weights of the last epoch, whatever the validation loss. This suits schedules that end near 0, and leaves
  /// the validation part unused, as intervals need it.
  case lastEpoch
  /// The mean of the weights after each of the last epochs (Izmailov and others, 2018), which are this fraction of
  /// all epochs.
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

/// The running mean of the weights over the counted epochs so far.
struct WeightAverage: Codable {
  private var epochs = 0
  private var mean: [Double] = []

  /// The mean; nil before the first counted epoch.
  var weights: [Float]? { epochs == 0 ? nil : mean.map(Float.init) }

  /// Records the weights after an epoch.
  mutating func add(_ weights: UnsafeBufferPointer<Float>) {
    epochs += 1
    if mean.count != weights.count { mean = Array(repeating: 0, count: weights.count) }
    for (position, weight) in weights.enumerated() {
      mean[position] += (Double(weight) - mean[position]) / Double(epochs)
    }
  }
}
