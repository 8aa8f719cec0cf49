/// The losses of one training run, epoch by epoch, or of several runs with different seeds.
public struct LossCurve: Codable, Hashable, Sendable {
  /// The least and greatest loss of several runs in each epoch.
  public struct Band: Codable, Hashable, Sendable {
    public var low: [Double]
    public var high: [Double]

    public init(low: [Double], high: [Double]) {
      self.low = low
      self.high = high
    }
  }

  public var label: String
  public var training: [Double]
  /// The validation losses; empty for a run without validation, NaN for epochs without one.
  public var validation: [Double]
  /// The number of the epoch with the best weights, from 1.
  public var bestEpoch: Int?
  /// The learning rate of each epoch; empty if unknown.
  public var learningRates: [Double]
  /// The range of the training losses of several runs.
  public var trainingBand: Band?
  /// The range of the validation losses of several runs.
  public var validationBand: Band?

  public init(
    label: String = "", training: [Double], validation: [Double] = [], bestEpoch: Int? = nil,
    learningRates: [Double] = [], trainingBand: Band? = nil, validationBand: Band? = nil
  ) {
    self.label = label
    self.training = training
    self.validation = validation
    self.bestEpoch = bestEpoch
    self.learningRates = learningRates
    self.trainingBand = trainingBand
    self.validationBand = validationBand
  }

  /// One curve for runs that differ only in their seed: each epoch's median, in a band from the least to the greatest
  /// loss. An epoch that only some runs reached counts only these.
  ///
  /// ```swift
  /// Chart.lossCurves([.overSeeds(runs, label: "lr 0.001")])
  /// ```
  public static func overSeeds(_ runs: [LossCurve], label: String = "") -> LossCurve {
    func course(_ losses: [[Double]]) -> (median: [Double], band: Band) {
      let epochs = (0..<(losses.map(\.count).max() ?? 0)).map { epoch in
        Quantiles(losses.compactMap { $0.indices.contains(epoch) ? $0[epoch] : nil })
      }
      return (
        epochs.map { $0.median ?? .nan }, Band(low: epochs.map { $0(0) ?? .nan }, high: epochs.map { $0(1) ?? .nan })
      )
    }
    let training = course(runs.map(\.training))
    let validation = course(runs.map(\.validation))
    let hasBand = runs.count > 1
    return LossCurve(
      label: label, training: training.median, validation: validation.median,
      bestEpoch: runs.count == 1 ? runs[0].bestEpoch : nil, learningRates: runs.first?.learningRates ?? [],
      trainingBand: hasBand ? training.band : nil,
      validationBand: hasBand && !validation.median.isEmpty ? validation.band : nil)
  }

  /// The validation losses, or the training losses for a run without validation.
  var lossesThatCount: (name: Term, values: [Double]) {
    validation.contains(where: \.isFinite) ? (.validationLoss, validation) : (.trainingLoss, training)
  }

  /// The best epoch and its loss.
  var best: (epoch: Int, value: Double)? {
    let values = lossesThatCount.values
    guard let epoch = bestEpoch, values.indices.contains(epoch - 1), values[epoch - 1].isFinite else { return nil }
    return (epoch, values[epoch - 1])
  }
}
