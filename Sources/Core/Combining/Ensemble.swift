import Numerics

/// Members of one or more recipes that are trained in parallel and predict together.
///
/// The training and validation parts of the split are cut into folds. Each recipe has one member for each fold, which
/// validates on this fold and learns from the others. A recipe predicts the mean of its members, and the ensemble the
/// weighted mean of its recipes. The weights are the best ones for the members' predictions of the samples that they
/// left out (stacking: Wolpert, 1992; Breiman, 1996), so that they suit the device without manual tuning. The errors
/// of these predictions also calibrate prediction intervals (cross-conformal prediction: Vovk, 2015).
///
/// ```swift
/// let ensemble = Ensemble([LinearRegression(), GCNRecipe(options: .recommended(for: 400))])
/// let fit = try ensemble.fit(to: data, split: split)
/// print(fit.weights, fit.leftOut?.share(within: 0.1) ?? 0)
/// ```
///
/// Random folds say how good members are for networks like the known ones. For networks that are smaller or larger than
/// all of these, `order: .size` makes each fold a range of the networks' FLOPs, so that the weights and intervals are
/// those of extrapolation (blocked cross-validation: Roberts and others, 2017). Members that lack the smallest networks
/// extrapolate worse, so in this case each recipe predicts by one more member, which learns from all samples.
///
/// Samples with an operation that no other fold has are never left out, nor are the networks that a recipe requires in
/// every training part (`Recipe.requiredIDs`), such as the reference networks of `HELP`.
///
/// A recipe that chooses something by the validation part (the best epoch, the number of boosted trees) chooses by the
/// samples that it left out, so its weight is somewhat too great, and intervals are somewhat too narrow: give such
/// recipes a fixed number of epochs or trees.
public struct Ensemble: Recipe {
  public typealias Predictor = EnsemblePredictor

  /// The way that samples are assigned to folds.
  public enum FoldOrder: String, Codable, Hashable, Sendable, CaseIterable {
    case random
    /// Each fold is a range of the networks' total FLOPs.
    case size
  }

  /// The loss that the weights of the recipes minimise.
  public enum Weighting: String, Codable, Hashable, Sendable, CaseIterable {
    /// Huber's loss of relative errors, with the threshold 3 %.
    case huber
    /// r^2 / (r^2 + c^2) with c = 5 %, for measurements of which some can't be predicted: it counts how many are.
    case bounded
  }

  /// The recipes, at least one. A single recipe predicts the mean of its members.
  public var recipes: [AnyRecipe]
  /// The number of folds, at least 2. With fewer samples than folds, each sample is a fold.
  public var folds: Int
  public var order: FoldOrder
  /// The seed of the assignment of samples to random folds.
  public var seed: UInt64
  /// The loss that the weights minimise; nil is `huber`, so that ensembles without it are stored as before.
  public var weighting: Weighting?

  public init(
    _ recipes: [any Recipe], folds: Int = 5, order: FoldOrder = .random, weighting: Weighting? = nil,
    seed: UInt64 = TrainingContext.current.seed
  ) {
    self.recipes = recipes.map { AnyRecipe($0) }
    self.folds = folds
    self.order = order
    self.weighting = weighting
    self.seed = seed
  }

  private func changing(_ change: (AnyRecipe) throws -> AnyRecipe) rethrows -> Ensemble {
    var ensemble = self
    ensemble.recipes = try recipes.map(change)
    return ensemble
  }

  /// The members store their own results.
  public var keepsResults: Bool { false }

  public func reseeded(by offset: UInt64) -> Ensemble {
    var ensemble = changing { $0.reseeded(by: offset) }
    ensemble.seed = seed &+ offset
    return ensemble
  }

  public func settled(on graphs: [NetworkGraph]) throws -> Ensemble {
    try changing { try $0.settled(on: graphs) }
  }

  public var requiredIDs: [String] { recipes.flatMap(\.requiredIDs) }

  /// A member's label is that of the run, followed by the numbers of recipe and fold, as in `label 2.5`. Its seed is
  /// its recipe's seed plus its number.
  ///
  /// - Throws: `InputError` when a setting or the data is invalid, and the errors of the members.
  public func learn(from data: Dataset, split: Split, in context: TrainingContext) throws -> Fit<Ensemble> {
    let learned = split.training + split.validation
    let count = try foldCount(samples: learned.count)
    let required = Set(requiredIDs)
    let splits = try (order == .size ? split.folds(count, bySizeIn: data) : split.folds(count, seed: seed))
      .map { try $0.learningNeededSamples(of: data, ids: required) }
    guard splits.contains(where: { !$0.validation.isEmpty }) else {
      throw InputError(
        "no network can be left out: each has an operation that no other has"
          + (required.isEmpty ? "" : ", or a recipe requires it"),
        remedy: "Enlarge the training part, or use one of the recipes alone.")
    }
    let whole = try order == .size ? [Split(training: learned, validation: [], test: [])] : []
    let recipes = try recipes.map { try $0.settled(on: data[learned].graphs) }
    let label = context.label.isEmpty ? "member" : context.label
    let fits: [Fit<AnyRecipe>]
    do {
      let parts = splits + whole
      fits = try sweep(over: Array(0..<recipes.count * parts.count)) { member in
        let (recipe, fold) = member.quotientAndRemainder(dividingBy: parts.count)
        return try recipes[recipe].reseeded(by: UInt64(member)).fit(
          to: data, split: parts[fold], label: "\(label) \(recipe + 1).\(fold + 1)")
      }
    } catch let error as SweepError {
      // All members usually fail for the same reason, so the first one's error suffices.
      throw error.failures[0].error
    }
    let trained = recipes.indices.map { recipe in
      fits[recipe * (count + whole.count)..<(recipe + 1) * (count + whole.count)].map(\.predictor)
    }
    let leftOut = try LeftOutPredictions(
      of: trained.flatMap { $0.prefix(count) }, recipes: recipes.count, on: data, folds: splits)
    let weights =
      weighting == .bounded
      ? StackingWeights.fittingBounded(leftOut.relativeErrors) : StackingWeights.fitting(leftOut.relativeErrors)
    let estimates = leftOut.estimates(weights: weights)
    let members = whole.isEmpty ? trained : trained.map { [$0[count]] }
    let predictor = try EnsemblePredictor(
      members: members.flatMap { $0 },
      weights: zip(weights, members).flatMap { weight, some in some.map { _ in weight / Double(some.count) } },
      // Calibration fails only if linear targets lead to predictions of 0 or less. The trained members are kept even
      // then.
      calibration: try? ConformalCalibration(estimates: estimates, of: leftOut.samples, isByFolds: true),
      folds: members[0].count)
    return Fit(
      self, predictor, parts: fits.map(\.record),
      leftOut: try Evaluation(
        ids: leftOut.samples.samples.map(\.graph.id), measured: leftOut.samples.latencies,
        predicted: estimates.map(\.latency), unit: data.unit),
      seconds: fits.reduce(0) { $0 + $1.seconds })
  }

  private func foldCount(samples: Int) throws -> Int {
    guard !recipes.isEmpty else {
      throw InputError("an ensemble needs at least one recipe", remedy: "Write Ensemble([LinearRegression()]).")
    }
    guard folds >= 2 else {
      throw InputError("an ensemble needs at least 2 folds, not \(folds)", remedy: "5 folds are usual.")
    }
    guard samples >= 2 else {
      throw InputError("an ensemble needs at least 2 samples, not 1", remedy: "Enlarge the training part.")
    }
    return min(folds, samples)
  }
}

extension Fit<Ensemble> {
  /// The weight of each recipe: the sum of its members' weights, in the recipes' order. All weights sum to 1.
  public var weights: [Double] {
    let folds = predictor.weights.count / max(recipe.recipes.count, 1)
    return recipe.recipes.indices.map { predictor.weights[$0 * folds] * Double(folds) }
  }
}

/// The predictions of the members for the samples that they left out, by recipe.
private struct LeftOutPredictions {
  /// The samples, fold by fold.
  let samples: Dataset
  private let predictions: [[LatencyEstimate]]

  init(of members: [AnyPredictor], recipes: Int, on data: Dataset, folds: [Split]) throws {
    samples = data[folds.flatMap(\.validation)]
    predictions = try (0..<recipes).map { recipe in
      try folds.indices.flatMap { try members[recipe * folds.count + $0].estimate(data[folds[$0].validation].graphs) }
    }
  }

  var relativeErrors: [[Double]] {
    predictions.map { zip($0, samples.latencies).map { ($0.latency - $1) / $1 } }
  }

  func estimates(weights: [Double]) -> [LatencyEstimate] {
    samples.latencies.indices.map { sample in
      LatencyEstimate(of: predictions.map { $0[sample] }, weights: weights)
    }
  }
}

extension Split {
  /// The training and validation parts, shuffled and cut into `count` folds of nearly equal size. For each fold there
  /// is a split that validates on the fold and trains on the others, with the same test part.
  func folds(_ count: Int, seed: UInt64) throws -> [Split] {
    var random = SeededGenerator(seed: seed)
    return try folds(count, of: (training + validation).shuffled(using: &random))
  }

  /// The training and validation parts in the order of the networks' FLOPs, cut into `count` ranges.
  /// - Throws: `InputError` when all have the same FLOPs, as networks without sizes have.
  func folds(_ count: Int, bySizeIn data: Dataset) throws -> [Split] {
    let work = data.samples.map { $0.graph.totalFloatingPointOperations() }
    guard Set((training + validation).map { work[$0] }).count > 1 else {
      throw InputError(
        "the networks can't be ordered by size, because all have the same FLOPs",
        remedy: "Give their nodes sizes, or use order: .random.")
    }
    return try folds(count, of: (training + validation).sorted { (work[$0], $0) < (work[$1], $1) })
  }

  /// The same fold, in which some samples are learned from and not left out: those with an operation that no other fold
  /// has, because members that don't know the operation can't predict them, and those that recipes require.
  ///
  /// - Parameter ids: The ids of the networks that recipes require in every training part.
  fileprivate func learningNeededSamples(of data: Dataset, ids: Set<String>) throws -> Split {
    let known = Set(training.lazy.flatMap { data.samples[$0].graph.nodes.lazy.map(\.operation) })
    let needed = validation.filter { index in
      let graph = data.samples[index].graph
      return ids.contains(graph.id) || graph.nodes.contains { !known.contains($0.operation) }
    }
    guard !needed.isEmpty else { return self }
    let learned = Set(needed)
    return try Split(
      training: training + needed, validation: validation.filter { !learned.contains($0) }, test: test)
  }

  private func folds(_ count: Int, of order: [Int]) throws -> [Split] {
    try (0..<count).map { fold in
      let range = fold * order.count / count..<(fold + 1) * order.count / count
      return try Split(
        training: Array(order[..<range.lowerBound] + order[range.upperBound...]), validation: Array(order[range]),
        test: test)
    }
  }
}
