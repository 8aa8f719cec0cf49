import Numerics

/// Members of one or more recipes, trained side by side to predict together.
///
/// The split's training and validation parts are cut into folds. Of each recipe there are as many members as folds;
/// each leaves one fold out, to validate on, and learns from the others. A recipe predicts the mean of its members, the
/// ensemble the weighted mean of its recipes. The weights are those that would have been best for the predictions of
/// each recipe's members for the samples they left out (stacking: Wolpert, 1992; Breiman, 1996), so that they suit the
/// device without anybody having to choose. The errors of that also give intervals (cross-conformal prediction: Vovk,
/// 2015).
///
/// ```swift
/// let ensemble = Ensemble([LinearRegression(), GCNRecipe(options: .recommended(for: 400))])
/// let fit = try ensemble.fit(to: data, split: split)
/// print(fit.weights, fit.leftOut?.share(within: 0.1) ?? 0)
/// ```
public struct Ensemble: Recipe {
  public typealias Predictor = EnsemblePredictor

  /// At least one. A single recipe gives the mean of its members.
  public var recipes: [AnyRecipe]
  /// At least 2; with fewer samples, each sample is a fold.
  public var folds: Int
  /// Decides which sample is in which fold.
  public var seed: UInt64

  public init(_ recipes: [any Recipe], folds: Int = 5, seed: UInt64 = TrainingContext.current.seed) {
    self.recipes = recipes.map { AnyRecipe($0) }
    self.folds = folds
    self.seed = seed
  }

  /// The members keep their own results.
  public var keepsResults: Bool { false }

  public func reseeded(by offset: UInt64) -> Ensemble {
    Ensemble(recipes.map { $0.reseeded(by: offset) }, folds: folds, seed: seed &+ offset)
  }

  public func settled(on graphs: [NetworkGraph]) throws -> Ensemble {
    Ensemble(try recipes.map { try $0.settled(on: graphs) }, folds: folds, seed: seed)
  }

  /// Members are labelled by recipe and fold, as in `label 2.5`. Each has the seed of its recipe moved on by its
  /// number.
  ///
  /// - Throws: `InputError` when a setting or the data can't be used, and what a member throws.
  public func learn(from data: Dataset, split: Split, in context: TrainingContext) throws -> Fit<Ensemble> {
    let learned = split.training + split.validation
    let count = try foldCount(samples: learned.count)
    let splits = try split.folds(count, seed: seed)
    let recipes = try recipes.map { try $0.settled(on: data[learned].graphs) }
    let label = context.label.isEmpty ? "member" : context.label
    let fits: [Fit<AnyRecipe>]
    do {
      fits = try sweep(over: Array(0..<recipes.count * count)) { member in
        let (recipe, fold) = member.quotientAndRemainder(dividingBy: count)
        return try recipes[recipe].reseeded(by: UInt64(member)).fit(
          to: data, split: splits[fold], label: "\(label) \(recipe + 1).\(fold + 1)")
      }
    } catch let error as SweepError {
      // Members fail for the same cause, so that the first one's error is enough.
      throw error.failures[0].error
    }
    let leftOut = try LeftOutPredictions(of: fits.map(\.predictor), recipes: recipes.count, on: data, folds: splits)
    let weights = StackingWeights.fitting(leftOut.relativeErrors)
    let estimates = leftOut.estimates(weights: weights)
    let predictor = try EnsemblePredictor(
      members: fits.map(\.predictor),
      weights: weights.flatMap { Array(repeating: $0 / Double(count), count: count) },
      // Only predictions of 0 and below, which linear targets allow, prevent it; trained members are worth keeping.
      calibration: try? ConformalCalibration(estimates: estimates, of: leftOut.samples))
    return Fit(
      self, predictor, parts: fits.map(\.record),
      leftOut: try Evaluation(
        ids: leftOut.samples.samples.map(\.graph.id), measured: leftOut.samples.latencies,
        predicted: estimates.map(\.latency), unit: data.unit),
      seconds: fits.reduce(0) { $0 + $1.seconds })
  }

  private func foldCount(samples: Int) throws -> Int {
    guard !recipes.isEmpty else {
      throw InputError("an ensemble needs at least one recipe", remedy: "Give it some: Ensemble([LinearRegression()]).")
    }
    guard folds >= 2 else {
      throw InputError("an ensemble needs at least 2 folds, not \(folds)", remedy: "5 is usual.")
    }
    guard samples >= 2 else {
      throw InputError("1 sample is too few for an ensemble", remedy: "Give the training part more.")
    }
    return min(folds, samples)
  }
}

extension Fit<Ensemble> {
  /// How much the members of each recipe count together, in the recipes' order; the sum is 1.
  public var weights: [Double] {
    let folds = predictor.weights.count / max(recipe.recipes.count, 1)
    return recipe.recipes.indices.map { predictor.weights[$0 * folds] * Double(folds) }
  }
}

/// The predictions of members for the samples that they left out, recipe by recipe.
private struct LeftOutPredictions {
  /// Fold by fold.
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
