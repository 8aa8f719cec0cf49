import Numerics

/// The training of an ensemble: its members' runs, and the predictor that came of them.
public struct EnsembleRun: Codable, Hashable, Sendable {
  /// What charts and tables call it.
  public var label: String
  public var kinds: [MemberKind]
  /// How much the members of each kind count together, by kind; 1 in all.
  public var kindWeights: [Double]
  /// One for each member, kind by kind, and of each kind fold by fold.
  public var runs: [TrainingRun]
  /// What the ensemble says of each sample that it learned from, by those members alone that left it out: an estimate of
  /// its accuracy that needs no test part.
  public var crossValidation: Evaluation
  public var predictor: EnsemblePredictor
  /// Wall-clock seconds of all members together, as if trained one after the other.
  public var seconds: Double { runs.reduce(0) { $0 + $1.seconds } }
}

/// Trains GCNs of several kinds, side by side on as many threads as may be used, to predict together.
///
/// The split's training and validation parts are cut into folds. Of each kind there are as many members as folds; each
/// leaves one fold out, to validate on, and learns from the others. A kind says the mean of what its members say, the
/// ensemble the weighted mean of what the kinds say. The weights are those that would have been best for what each kind's
/// members say of the samples they left out (stacking: Wolpert, 1992; Breiman, 1996), so that they suit the device without
/// anybody having to choose. The errors of that also give intervals (cross-conformal prediction: Vovk, 2015).
///
/// What isn't given is the setting recommended for a hundred to some thousand samples (`MemberKind.recommended`,
/// `TrainingOptions.recommended`), chosen without regard to a device.
///
/// ```swift
/// let run = try trainEnsemble(on: data, split: split)
/// let evaluation = try run.predictor.evaluate(on: data[split.test])
/// ```
///
/// - Parameters:
///   - kinds: At least one. A single kind is the mean of its members.
///   - folds: At least 2; with fewer samples, one of each.
///   - split: Its test part is not looked at.
///   - options: Of all members, but for the seed, which counts up from member to member; if nil, those recommended for the
///     number of samples that a member learns from.
///   - label: What progress, charts and tables call it; members are numbered after it by kind and fold, as in `label 2.5`.
/// - Throws: `InputError` when a setting or the data can't be used, `TrainingDivergence` when a loss leaves all bounds.
public func trainEnsemble(
  _ kinds: [MemberKind] = MemberKind.recommended, folds: Int = 5, on data: Dataset, split: Split,
  options: TrainingOptions? = nil, label: String = ""
) throws -> EnsembleRun {
  guard !kinds.isEmpty else {
    throw InputError("an ensemble needs at least one kind of members", remedy: "Leave it out for the recommended ones.")
  }
  guard folds >= 2 else {
    throw InputError("an ensemble needs at least 2 folds, not \(folds)", remedy: "5 is usual.")
  }
  try split.requireTraining(of: data)
  let learned = split.training + split.validation
  guard learned.count >= 2 else {
    throw InputError("1 sample is too few for an ensemble", remedy: "Give the training part more.")
  }
  let count = min(folds, learned.count)
  let options = options ?? .recommended(for: learned.count - learned.count / count)
  let splits = try split.folds(count, seed: options.seed)
  let encodings = try kinds.map { try GraphEncoding(fitting: data[learned].graphs, context: $0.context) }
  let label = label.isEmpty ? SweepPoint.current ?? "member" : label
  let runs: [TrainingRun]
  do {
    runs = try sweep(over: Array(0..<kinds.count * count)) { member in
      let (kind, fold) = member.quotientAndRemainder(dividingBy: count)
      var options = options
      options.seed &+= UInt64(member)
      return try train(
        kinds[kind].configuration, on: data, split: splits[fold], encoding: encodings[kind], options: options,
        label: "\(label) \(kind + 1).\(fold + 1)")
    }
  } catch let error as SweepError {
    // Members fail for the same cause; which of them says so matters to nobody.
    throw error.failures[0].error
  }
  let leftOut = try LeftOutPredictions(of: runs.map(\.predictor), kinds: kinds.count, on: data, folds: splits)
  let weights = StackingWeights.fitting(leftOut.relativeErrors)
  let estimates = leftOut.estimates(weights: weights)
  return EnsembleRun(
    label: label, kinds: kinds, kindWeights: weights, runs: runs,
    crossValidation: try Evaluation(
      ids: leftOut.samples.samples.map(\.graph.id), measured: leftOut.samples.latencies,
      predicted: estimates.map(\.latency), unit: data.unit),
    predictor: try EnsemblePredictor(
      members: runs.map(\.predictor),
      weights: weights.flatMap { Array(repeating: $0 / Double(count), count: count) },
      // Only predictions of 0 and below, which linear targets allow, stand in the way; trained members are worth keeping.
      calibration: try? ConformalCalibration(estimates: estimates, of: leftOut.samples)))
}

/// What members say of the samples that they left out, kind by kind.
private struct LeftOutPredictions {
  /// Fold by fold.
  let samples: Dataset
  private let predictions: [[Double]]

  init(of members: [GCNPredictor], kinds: Int, on data: Dataset, folds: [Split]) throws {
    samples = data[folds.flatMap(\.validation)]
    predictions = try (0..<kinds).map { kind in
      try folds.indices.flatMap { try members[kind * folds.count + $0].predict(data[folds[$0].validation].graphs) }
    }
  }

  var relativeErrors: [[Double]] {
    predictions.map { zip($0, samples.latencies).map { ($0 - $1) / $1 } }
  }

  func estimates(weights: [Double]) -> [LatencyEstimate] {
    samples.latencies.indices.map { sample in
      LatencyEstimate(of: predictions.map { $0[sample] }, weights: weights)
    }
  }
}

extension Split {
  /// The training and validation parts mixed and cut into `count` folds, of sizes as equal as can be: for each fold a
  /// split that validates on it and trains on the others, with the same test part.
  func folds(_ count: Int, seed: UInt64) throws -> [Split] {
    var random = SeededGenerator(seed: seed)
    let order = (training + validation).shuffled(using: &random)
    return try (0..<count).map { fold in
      let range = fold * order.count / count..<(fold + 1) * order.count / count
      return try Split(
        training: Array(order[..<range.lowerBound] + order[range.upperBound...]), validation: Array(order[range]),
        test: test)
    }
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
