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

/// Trains several GCNs, side by side on as many threads as may be used, to predict together.
///
/// Members differ in their seeds. With `rotatesValidation` they differ in what they leave out, too: the first validates on the
/// split's validation part and trains on its training part, each further one validates on as many other samples of the two
/// and trains on the rest. So the ensemble learns from all of them, and each member still has samples that it has not seen.
///
/// What isn't given is the setting recommended for a few hundred to a few thousand samples
/// (`TrainingOptions.recommended`, all of `NodeContext`), chosen without regard to a device. With a validation part, the
/// ensemble is calibrated on it to give intervals, or, if members take turns, by what each says of what it left out
/// (cross-conformal prediction, Vovk, 2015); by the recommended setting those samples decide nothing else.
///
/// ```swift
/// let run = try trainEnsemble(on: data, split: split)
/// let evaluation = try run.predictor.evaluate(on: data[split.test])
/// ```
///
/// - Parameters:
///   - members: How many; each has its own seed, counted up from that of `options`.
///   - split: Its test part is not looked at.
///   - rotatesValidation: Whether members take turns in what they leave out; if not, all of them leave out the validation
///     part.
///   - encoding: How graphs become numbers; if nil, one with all of `NodeContext` fitted to what members train on.
///   - options: If nil, those recommended for the number of training samples.
///   - label: What progress, charts and tables call it; the members are numbered after it.
/// - Throws: `InputError` when a setting or the data can't be used, `TrainingDivergence` when a loss leaves all bounds.
public func trainEnsemble(
  members: Int = 5, _ configuration: GCN.Configuration = GCN.Configuration(), on data: Dataset, split: Split,
  rotatesValidation: Bool = false, encoding: GraphEncoding? = nil, options: TrainingOptions? = nil, label: String = ""
) throws -> EnsembleRun {
  guard members >= 1 else {
    throw InputError("an ensemble can't have \(members) members", remedy: "Use at least 1; 5 is usual.")
  }
  try split.requireTraining(of: data)
  let options = options ?? .recommended(for: split.training.count)
  let learned = rotatesValidation ? split.training + split.validation : split.training
  let encoding = try encoding ?? GraphEncoding(fitting: data[learned].graphs, context: NodeContext.allCases)
  let splits = try (0..<members).map { rotatesValidation ? try split.rotated($0) : split }
  let label = label.isEmpty ? SweepPoint.current ?? "" : label
  let runs: [TrainingRun]
  do {
    runs = try sweep(over: Array(0..<members)) { member in
      var options = options
      options.seed &+= UInt64(member)
      return try train(
        configuration, on: data, split: splits[member], encoding: encoding, options: options,
        label: "\(label.isEmpty ? "member" : label) \(member + 1)")
    }
  } catch let error as SweepError {
    // Members fail for the same cause; which of them says so matters to nobody.
    throw error.failures[0].error
  }
  let predictor = try EnsemblePredictor(members: runs.map(\.predictor))
  // Only predictions of 0 and below, which linear targets allow, stand in the way; trained members are worth keeping.
  let calibration =
    try? rotatesValidation
    ? predictor.crossCalibration(on: data, leftOut: splits.map(\.validation))
    : ConformalCalibration(of: predictor, on: data[split.validation])
  return EnsembleRun(
    label: label, runs: runs, predictor: try EnsemblePredictor(members: predictor.members, calibration: calibration))
}

extension Split {
  /// The same test part, and in turn another piece of the rest to validate on: for 0 this split's own, then the pieces of
  /// the same size before it, over and over.
  func rotated(_ turn: Int) throws -> Split {
    let pool = training + validation
    guard turn > 0, !validation.isEmpty else { return self }
    let left = Set(
      (0..<validation.count).map { offset in
        let position = training.count - turn * validation.count + offset
        return ((position % pool.count) + pool.count) % pool.count
      })
    return try Split(
      training: pool.indices.filter { !left.contains($0) }.map { pool[$0] }, validation: left.sorted().map { pool[$0] },
      test: test)
  }
}

extension EnsemblePredictor {
  /// Calibrates on what each member left out, by what that member alone says of it. The whole ensemble errs less, so that
  /// intervals are a little wider than they need be.
  fileprivate func crossCalibration(on data: Dataset, leftOut: [[Int]]) throws -> ConformalCalibration {
    var estimates: [LatencyEstimate] = []
    var samples: [Int] = []
    for (member, indices) in zip(members, leftOut) {
      let part = data[indices].graphs
      estimates += try zip(member.predict(part), estimate(part)).map {
        LatencyEstimate(latency: $0, spread: $1.spread)
      }
      samples += indices
    }
    return try ConformalCalibration(estimates: estimates, of: data[samples])
  }
}

extension TrainingOptions {
  /// What gave the best predictions on several devices, with one setting for all of them (Documentation/accuracy.md).
  ///
  /// - Parameter samples: How many there are to train on; fewer are gone through more often.
  public static func recommended(for samples: Int, seed: UInt64 = DefaultSeed.value) -> TrainingOptions {
    let epochs = min(max(180_000 / max(samples, 1), 100), 600)
    return TrainingOptions(
      epochs: epochs, batchSize: 16, learningRate: 2e-3, schedule: .cosine().warmUp(epochs: epochs / 20),
      optimizer: .adamW(weightDecay: 0.1), loss: .relativeHuber(threshold: 0.03), targetScaling: .logarithmic,
      baseline: .automatic, weights: .lastEpoch,
      seed: seed)
  }
}
