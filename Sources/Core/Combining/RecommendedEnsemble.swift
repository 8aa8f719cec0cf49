import Numerics

/// A kind of GCN: its shape, and the graph context in its nodes' features. Members of an ensemble with equal kinds
/// differ only in their folds and seeds.
public struct MemberKind: Codable, Hashable, Sendable {
  public var configuration: GCN.Configuration
  public var context: [NodeContext]

  public init(_ configuration: GCN.Configuration, context: [NodeContext] = []) {
    self.configuration = configuration
    self.context = context
  }

  /// Four kinds, from one layer, which sums over the graph what each node knows of its neighbours, to four layers
  /// whose nodes also have features about all their ancestors and descendants.
  ///
  /// The shallow kinds learn more from few samples when latencies are noisy or nodes hardly influence each other; the
  /// deep ones when the surroundings of a node matter. `trainEnsemble` finds out which of them suit a device.
  public static let recommended = [
    MemberKind(GCN.Configuration(layers: 1, hiddenUnits: 128), context: [.successors, .degrees]),
    MemberKind(GCN.Configuration(layers: 2, hiddenUnits: 64), context: [.predecessors, .successors, .degrees]),
    MemberKind(GCN.Configuration(layers: 3, hiddenUnits: 64), context: [.ancestors, .descendants, .degrees]),
    MemberKind(
      GCN.Configuration(layers: 4, hiddenUnits: 64, dropout: 0.05), context: [.ancestors, .descendants, .degrees]),
  ]
}

/// The role of the linear regression beneath a GCN; see `Residual`.
public enum LinearBaseline: String, Codable, Hashable, Sendable, CaseIterable {
  /// The GCN learns the latency, without a linear regression.
  case none
  /// The GCN learns the ratio of the latency to the linear prediction.
  case linear
  /// The same as `linear` if a linear regression is nearly right already, else the same as `none`, because its errors
  /// would have to be learned too.
  case automatic
}

extension MemberKind {
  /// The recipe of members of this kind that learn the ratio of the latency to the prediction of `baseline`.
  public func recipe(options: TrainingOptions, over baseline: some Recipe) -> AnyRecipe {
    AnyRecipe(Residual(over: baseline, of: GCNRecipe(configuration, context: context, options: options)))
  }

  /// The recipe of members of this kind.
  public func recipe(options: TrainingOptions, baseline: LinearBaseline = .none) -> AnyRecipe {
    let network = GCNRecipe(configuration, context: context, options: options)
    switch baseline {
    case .none: return AnyRecipe(network)
    case .linear: return recipe(options: options, over: Self.baseline)
    case .automatic: return AnyRecipe(Residual(over: Self.baseline, of: network, when: .accurate))
    }
  }

  /// Some tables have gross outliers, which would swing a regression by squares.
  private static let baseline = LinearRegression(huberThreshold: RobustRegression.threshold)
}

/// The result of training an ensemble.
public typealias EnsembleRun = Fit<Ensemble>

/// Trains GCNs of several kinds that predict together: `Ensemble` in one line. Its settings
/// (`MemberKind.recommended`, `TrainingOptions.recommended`) are recommended for a hundred to some thousand samples,
/// and were chosen without regard to a device.
///
/// ```swift
/// let run = try trainEnsemble(on: data, split: split)
/// let evaluation = try run.predictor.evaluate(on: data[split.test])
/// ```
///
/// - Parameters:
///   - kinds: The kinds of members, at least one. A single kind predicts the mean of its members.
///   - folds: The number of folds, at least 2. With fewer samples than folds, each sample is a fold.
///   - order: The way that samples are assigned to folds; `.size` for networks that are smaller or larger than all
///     known ones.
///   - split: The split of the data. Its test part is not used.
///   - options: The options of all members, except the seed, which counts up from member to member. Nil takes the
///     recommended ones for the number of samples that a member learns from.
///   - baseline: The role of the linear regression.
///   - label: The label in progress, charts and tables. Members append the numbers of kind and fold, as in `label
///     2.5`.
/// - Throws: `InputError` when a setting or the data is invalid, `TrainingDivergence` when a loss diverges.
public func trainEnsemble(
  _ kinds: [MemberKind] = MemberKind.recommended, folds: Int = 5, order: Ensemble.FoldOrder = .random,
  on data: Dataset, split: Split, options: TrainingOptions? = nil, baseline: LinearBaseline = .automatic,
  label: String = ""
) throws -> EnsembleRun {
  let learned = split.training.count + split.validation.count
  let options = options ?? .recommended(for: learned - learned / max(min(folds, learned), 1))
  return try Ensemble(
    kinds.map { $0.recipe(options: options, baseline: baseline) }, folds: folds, order: order, seed: options.seed
  ).fit(to: data, split: split, label: label)
}

extension Ensemble {
  /// The ensemble with the best predictions on several devices (Documentation/accuracy.md): GCNs of four kinds and a
  /// Gaussian process that knows the surroundings of nodes, the same five over `CriticalPath`, and the critical path
  /// alone. It takes about twice as long as `trainEnsemble`, which has the GCNs only, and gains most with few samples.
  ///
  /// ```swift
  /// let fit = try Ensemble.recommended(for: split.training.count).fit(to: data, split: split)
  /// ```
  ///
  /// - Parameter samples: The number of samples to learn from, those of the validation part included.
  public static func recommended(for samples: Int, seed: UInt64 = TrainingContext.current.seed) -> Ensemble {
    let folds = 5
    let options = TrainingOptions.recommended(for: samples - samples / folds, seed: seed)
    let kinds = MemberKind.recommended
    let process = GaussianProcessRegression(context: NodeContext.allCases)
    return Ensemble(
      kinds.map { $0.recipe(options: options, baseline: .automatic) }
        + kinds.map { $0.recipe(options: options, over: CriticalPath()) }
        + [process, Residual(over: CriticalPath(), of: process), CriticalPath()] as [any Recipe],
      folds: folds, weighting: .bounded, seed: seed)
  }
}

extension TrainingOptions {
  /// The settings with the best predictions on several devices, the same for all devices (Documentation/accuracy.md).
  ///
  /// - Parameter samples: The number of training samples. The fewer there are, the more epochs are trained.
  public static func recommended(for samples: Int, seed: UInt64 = TrainingContext.current.seed) -> TrainingOptions {
    let epochs = min(max(180_000 / max(samples, 1), 100), 600)
    return TrainingOptions(
      epochs: epochs, batchSize: 16, learningRate: 2e-3, schedule: .cosine().warmUp(epochs: epochs / 20),
      optimizer: .adamW(weightDecay: 0.1), loss: .relativeHuber(threshold: 0.03), targetScaling: .logarithmic,
      weights: .lastEpoch, seed: seed)
  }
}
