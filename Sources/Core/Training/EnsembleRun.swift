/// The training of an ensemble: its members' runs, and the predictor that came of them.
public struct EnsembleRun: Codable, Hashable, Sendable {
  /// What charts and tables call it.
  public var label: String
  /// One for each member, in order.
  public var runs: [TrainingRun]
  public var predictor: EnsemblePredictor
  /// Wall-clock seconds of all members together, as if trained one after the other.
  public var seconds: Double { runs.reduce(0) { $0 + $1.seconds } }
}

/// Trains several GCNs that differ in their seeds, side by side on as many threads as may be used, to predict together.
///
/// What isn't given is the setting recommended for a few hundred to a few thousand samples
/// (`TrainingOptions.recommended`, all of `NodeContext`), chosen without regard to a device. With a validation part, the
/// ensemble is calibrated on it to give intervals; by the recommended setting that part decides nothing else.
///
/// ```swift
/// let run = try trainEnsemble(on: data, split: split)
/// let evaluation = try run.predictor.evaluate(on: data[split.test])
/// ```
///
/// - Parameters:
///   - members: How many; each has its own seed, counted up from that of `options`.
///   - encoding: How graphs become numbers; if nil, one with all of `NodeContext` fitted to the training part.
///   - options: If nil, those recommended for the number of training samples.
///   - label: What progress, charts and tables call it; the members are numbered after it.
/// - Throws: `InputError` when a setting or the data can't be used, `TrainingDivergence` when a loss leaves all bounds.
public func trainEnsemble(
  members: Int = 5, _ configuration: GCN.Configuration = GCN.Configuration(), on data: Dataset, split: Split,
  encoding: GraphEncoding? = nil, options: TrainingOptions? = nil, label: String = ""
) throws -> EnsembleRun {
  guard members >= 1 else {
    throw InputError("an ensemble can't have \(members) members", remedy: "Use at least 1; 5 is usual.")
  }
  try split.requireTraining(of: data)
  let options = options ?? .recommended(for: split.training.count)
  let encoding =
    try encoding ?? GraphEncoding(fitting: data[split.training].graphs, context: NodeContext.allCases)
  let label = label.isEmpty ? SweepPoint.current ?? "" : label
  let runs: [TrainingRun]
  do {
    runs = try sweep(over: Array(0..<members)) { member in
      var options = options
      options.seed &+= UInt64(member)
      return try train(
        configuration, on: data, split: split, encoding: encoding, options: options,
        label: "\(label.isEmpty ? "member" : label) \(member + 1)")
    }
  } catch let error as SweepError {
    // Members fail for the same cause; which of them says so matters to nobody.
    throw error.failures[0].error
  }
  let predictor = try EnsemblePredictor(members: runs.map(\.predictor))
  // Only predictions of 0 and below, which linear targets allow, stand in the way; trained members are worth keeping.
  let calibrated = split.validation.isEmpty ? nil : try? predictor.calibrated(on: data[split.validation])
  return EnsembleRun(label: label, runs: runs, predictor: calibrated ?? predictor)
}

extension TrainingOptions {
  /// What gave the best predictions on several devices, with one setting for all of them (Documentation/accuracy.md).
  ///
  /// - Parameter samples: How many there are to train on; fewer are gone through more often.
  public static func recommended(for samples: Int, seed: UInt64 = DefaultSeed.value) -> TrainingOptions {
    let epochs = min(max(180_000 / max(samples, 1), 100), 600)
    return TrainingOptions(
      epochs: epochs, batchSize: 16, learningRate: 2e-3, schedule: .cosine().warmUp(epochs: epochs / 20),
      optimizer: .adamW(weightDecay: 0.1),
      loss: .relativeHuber(threshold: 0.03), targetScaling: .logarithmic, baseline: .automatic, weights: .lastEpoch,
      seed: seed)
  }
}
