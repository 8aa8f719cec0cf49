import Numerics

/// A shape of GCNs, and what nodes are told of their graph before the first layer: the members of an ensemble that
/// differ in neither are of one kind.
public struct MemberKind: Codable, Hashable, Sendable {
  public var configuration: GCN.Configuration
  public var context: [NodeContext]

  public init(_ configuration: GCN.Configuration, context: [NodeContext] = []) {
    self.configuration = configuration
    self.context = context
  }

  /// From one layer, which knows of a node's neighbours what it is told and sums that over the graph, to four that also
  /// know what lies anywhere before and behind a node.
  ///
  /// Where latencies are noisy, or nodes hardly influence each other, few samples teach the shallow ones more; where it
  /// matters what lies around a node, the deep ones. Which a device needs, `trainEnsemble` finds out.
  public static let recommended = [
    MemberKind(GCN.Configuration(layers: 1, hiddenUnits: 128), context: [.successors, .degrees]),
    MemberKind(GCN.Configuration(layers: 2, hiddenUnits: 64), context: [.predecessors, .successors, .degrees]),
    MemberKind(GCN.Configuration(layers: 3, hiddenUnits: 64), context: [.ancestors, .descendants, .degrees]),
    MemberKind(
      GCN.Configuration(layers: 4, hiddenUnits: 64, dropout: 0.05), context: [.ancestors, .descendants, .degrees]),
  ]
}

/// What the linear regression does beneath a GCN; see `Residual`.
public enum LinearBaseline: String, Codable, Hashable, Sendable, CaseIterable {
  /// Nothing: the GCN learns the whole latency.
  case none
  /// The GCN learns the ratio of the latency to the linear prediction.
  case linear
  /// As `linear` where a linear regression is nearly right already, elsewhere as `none`: its errors would be one more
  /// thing to learn.
  case automatic
}

extension MemberKind {
  /// The recipe of such members.
  public func recipe(options: TrainingOptions, baseline: LinearBaseline = .none) -> AnyRecipe {
    let network = GCNRecipe(configuration, context: context, options: options)
    switch baseline {
    case .none: return AnyRecipe(network)
    case .linear: return AnyRecipe(Residual(over: LinearRegression(), of: network))
    case .automatic: return AnyRecipe(Residual(over: LinearRegression(), of: network, when: .accurate))
    }
  }
}

/// The result of training an ensemble.
public typealias EnsembleRun = Fit<Ensemble>

/// Trains GCNs of several kinds to predict together: `Ensemble` in one line, with the setting that is recommended for a
/// hundred to some thousand samples (`MemberKind.recommended`, `TrainingOptions.recommended`), chosen without regard to
/// a device.
///
/// ```swift
/// let run = try trainEnsemble(on: data, split: split)
/// let evaluation = try run.predictor.evaluate(on: data[split.test])
/// ```
///
/// - Parameters:
///   - kinds: At least one. A single kind is the mean of its members.
///   - folds: At least 2; with fewer samples, each sample is a fold.
///   - split: Its test part is not looked at.
///   - options: The options of all members, but for the seed, which counts up from member to member; if nil, those
///     recommended for the number of samples that a member learns from.
///   - baseline: What the linear regression does.
///   - label: What progress, charts and tables call it; members are numbered after it by kind and fold, as in
///     `label 2.5`.
/// - Throws: `InputError` when a setting or the data can't be used, `TrainingDivergence` when a loss leaves all bounds.
public func trainEnsemble(
  _ kinds: [MemberKind] = MemberKind.recommended, folds: Int = 5, on data: Dataset, split: Split,
  options: TrainingOptions? = nil, baseline: LinearBaseline = .automatic, label: String = ""
) throws -> EnsembleRun {
  let learned = split.training.count + split.validation.count
  let options = options ?? .recommended(for: learned - learned / max(min(folds, learned), 1))
  return try Ensemble(kinds.map { $0.recipe(options: options, baseline: baseline) }, folds: folds, seed: options.seed)
    .fit(to: data, split: split, label: label)
}

extension TrainingOptions {
  /// What gave the best predictions on several devices, with one setting for all of them (Documentation/accuracy.md).
  ///
  /// - Parameter samples: How many there are to train on; fewer are gone through more often.
  public static func recommended(for samples: Int, seed: UInt64 = TrainingContext.current.seed) -> TrainingOptions {
    let epochs = min(max(180_000 / max(samples, 1), 100), 600)
    return TrainingOptions(
      epochs: epochs, batchSize: 16, learningRate: 2e-3, schedule: .cosine().warmUp(epochs: epochs / 20),
      optimizer: .adamW(weightDecay: 0.1), loss: .relativeHuber(threshold: 0.03), targetScaling: .logarithmic,
      weights: .lastEpoch, seed: seed)
  }
}
