/// A method that makes a predictor from measured latencies. The recipe holds the settings, as a plain value.
///
/// The surroundings of learning are written once for all recipes: labels, checkpoints, sweeps, ensembles, residuals,
/// files, charts and tables. A new family is a recipe, its predictor, and one line in `PredictorFamilies`.
///
/// ```swift
/// let fit = try LinearRegression(penalty: 1e-4).fit(to: data, split: split, label: "linear")
/// let evaluation = try fit.predictor.evaluate(on: data[split.test])
/// ```
///
/// The same recipe, data and split must give the same bits in every run: random numbers come from a seed among the
/// settings, and no result may depend on the number of threads.
public protocol Recipe: Codable, Hashable, Sendable {
  associatedtype Predictor: StorablePredictor

  /// The name of the family in stored values; by default the name of its predictors' family.
  static var family: String { get }

  /// Learns from the training part. `fit(to:split:label:in:)` calls this in `context`, after it has checked that the
  /// training part is not empty.
  ///
  /// - Parameters:
  ///   - data: The data set.
  ///   - split: The recipe learns from the training part. It may use the validation part to choose epochs or
  ///     settings, and must not use the test part.
  ///   - context: The number of threads, and the functions to report epochs (`report`) and to store states
  ///     (`checkpoint`).
  /// - Throws: `InputError` when a setting or the data is invalid.
  func learn(from data: Dataset, split: Split, in context: TrainingContext) throws -> Fit<Self>

  /// Whether results are stored, because learning again takes longer than reading them. The default is true. Recipes
  /// that learn in no time, or whose parts store their own results, return false.
  var keepsResults: Bool { get }

  /// The same recipe with `offset` added to all its seeds, for members of an ensemble that differ in their seed. The
  /// default is the recipe itself: without a seed, members differ only in their samples.
  func reseeded(by offset: UInt64) -> Self

  /// The same recipe with those settings fixed that would otherwise depend on the training samples, such as an
  /// encoding. Members of an ensemble, which learn from different samples, then share these settings. The default is
  /// the recipe itself.
  ///
  /// - Parameter graphs: All graphs that any member learns from.
  func settled(on graphs: [NetworkGraph]) throws -> Self

  /// The ids of networks that every training part should contain, such as the reference networks of `HELP`. Members of
  /// an ensemble, which learn from different samples, all learn from those of them that the data has, and leave none
  /// of them out. The default is none.
  var requiredIDs: [String] { get }
}

extension Recipe {
  public static var family: String { Predictor.family }
  public var keepsResults: Bool { true }
  public func reseeded(by offset: UInt64) -> Self { self }
  public func settled(on graphs: [NetworkGraph]) throws -> Self { self }
  public var requiredIDs: [String] { [] }
}

extension Recipe {
  /// Learns to predict the latencies of a data set.
  ///
  /// The same arguments give the same predictor, to the last bit, on every machine. This also holds when the process
  /// was ended and `context` continues from checkpoints.
  ///
  /// - Parameters:
  ///   - data: The graphs and their latencies.
  ///   - split: The training part is for learning, the validation part for choosing. The test part is not used.
  ///   - label: The label of the result in progress, charts and tables. If it is empty in a sweep, it is the sweep's
  ///     point.
  ///   - context: The surroundings: threads, observers, checkpoints.
  /// - Throws: `InputError` when a setting or the data is invalid.
  public func fit(
    to data: Dataset, split: Split, label: String = "", in context: TrainingContext = .current
  ) throws -> Fit<Self> {
    try split.requireTraining(of: data)
    var context = context
    context.label = label.isEmpty ? context.sweepPoint ?? "" : label
    context.checkpoint =
      keepsResults
      ? try context.checkpoints.place(isKept: isOfLibrary) {
        try FitContent(recipe: self, label: context.label, data: data, split: split).digest()
      } : nil
    if let kept = context.checkpoint?.result(Fit<Self>.self) {
      for record in kept.curve {
        context.report(record, of: kept.curve.count, resumed: kept.curve.count)
      }
      return kept
    }
    let start = ContinuousClock.now
    var fit = try context.run { try learn(from: data, split: split, in: context) }
    fit.label = context.label
    if fit.seconds == 0 { fit.seconds = start.duration(to: .now) / .seconds(1) }
    context.checkpoint?.keep(result: fit)
    return fit
  }
}

/// A recipe that wraps another one of any family.
protocol RecipeWrapper {
  var base: any Recipe { get }
}

extension Recipe {
  /// Whether this library declares the recipe and all types that it names, so that its settings describe it
  /// completely.
  private var isOfLibrary: Bool {
    let recipe: any Recipe = (self as? any RecipeWrapper)?.base ?? self
    let name = _typeName(type(of: recipe), qualified: true)
    let types = name.split { !$0.isLetter && !$0.isNumber && !"_.".contains($0) }
    return types.allSatisfy { ["Core", "Swift"].contains($0.prefix { $0 != "." }) }
  }
}

extension Split {
  /// - Throws: `InputError` if the training part is empty or names a sample that `data` doesn't have.
  func requireTraining(of data: Dataset) throws {
    if let index = (training + validation).first(where: { $0 >= data.count }) {
      throw InputError.noSample(index, of: data.count, in: "split")
    }
    if training.isEmpty { throw InputError.emptyTraining }
  }
}
