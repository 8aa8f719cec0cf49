/// A way to make a predictor of measured latencies: its settings, as a plain value.
///
/// Everything around learning is written once for all recipes: labels, checkpoints, sweeps, ensembles, residuals,
/// files, charts and tables. A new family is a recipe, its predictor, and one line in `PredictorFamilies`.
///
/// ```swift
/// let fit = try LinearRegression(penalty: 1e-4).fit(to: data, split: split, label: "linear")
/// let evaluation = try fit.predictor.evaluate(on: data[split.test])
/// ```
///
/// The same recipe, data and split have to give the same bits, whatever else the machine does: random numbers come from
/// a seed among the settings, and threads decide on nothing.
public protocol Recipe: Codable, Hashable, Sendable {
  associatedtype Predictor: StorablePredictor

  /// What stored values call this kind of recipes; by default as its predictors.
  static var family: String { get }

  /// Learns. `fit(to:split:label:in:)` calls this, in `context`, after it has checked that the training part is not
  /// empty.
  ///
  /// - Parameters:
  ///   - data: The data set.
  ///   - split: The training part is learned from. The validation part may choose between epochs or settings; the test
  ///     part must not be looked at.
  ///   - context: Threads to use, and where epochs are reported (`report`) and states kept (`checkpoint`).
  /// - Throws: `InputError` when a setting or the data can't be used.
  func learn(from data: Dataset, split: Split, in context: TrainingContext) throws -> Fit<Self>

  /// Whether a result is worth keeping, because learning again takes longer than reading it. By default it is; not so
  /// for recipes that learn in no time, or whose parts keep their own results.
  var keepsResults: Bool { get }

  /// The same recipe with all its seeds moved on by `offset`, for members of an ensemble that differ in their seed. By
  /// default the recipe itself: without a seed, members differ in their samples alone.
  func reseeded(by offset: UInt64) -> Self

  /// The same recipe with those settings fixed that would otherwise depend on which samples it learns from, such as an
  /// encoding: members of an ensemble, which learn from different samples, then share them. By default the recipe
  /// itself.
  ///
  /// - Parameter graphs: All graphs that any member learns from.
  func settled(on graphs: [NetworkGraph]) throws -> Self
}

extension Recipe {
  public static var family: String { Predictor.family }
  public var keepsResults: Bool { true }
  public func reseeded(by offset: UInt64) -> Self { self }
  public func settled(on graphs: [NetworkGraph]) throws -> Self { self }
}

extension Recipe {
  /// Learns to predict the latencies of a data set.
  ///
  /// The same arguments give the same predictor, to the last bit, on every machine, also when the process was ended
  /// on the way and `context` keeps checkpoints.
  ///
  /// - Parameters:
  ///   - data: Graphs and latencies.
  ///   - split: The training part is learned from, the validation part may choose; the test part is not looked at.
  ///   - label: What progress, charts and tables call the result; if empty, in a sweep its point.
  ///   - context: The surroundings: threads, observers, checkpoints.
  /// - Throws: `InputError` when a setting or the data can't be used.
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

/// A recipe that stands for another one, of any family.
protocol RecipeWrapper {
  var base: any Recipe { get }
}

extension Recipe {
  /// Whether this library declares the recipe and all that its type names, so that its settings say all of it.
  private var isOfLibrary: Bool {
    let recipe: any Recipe = (self as? any RecipeWrapper)?.base ?? self
    let name = _typeName(type(of: recipe), qualified: true)
    let types = name.split { !$0.isLetter && !$0.isNumber && !"_.".contains($0) }
    return types.allSatisfy { ["Core", "Swift"].contains($0.prefix { $0 != "." }) }
  }
}

extension Split {
  /// - Throws: `InputError` unless there is something to train on and `data` has all of it.
  func requireTraining(of data: Dataset) throws {
    if let index = (training + validation).first(where: { $0 >= data.count }) {
      throw InputError(
        "the split names sample \(index) of \(data.count)", remedy: "Use a split of this very data set.")
    }
    if training.isEmpty {
      throw InputError(
        "the training part is empty", remedy: "Split the data so that some samples are left to train on.")
    }
  }
}
