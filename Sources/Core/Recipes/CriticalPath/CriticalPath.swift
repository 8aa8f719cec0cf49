internal import Basics

/// The latency by work and span: a regression on the operations of a network and on those of its critical path.
///
/// A device that runs independent operations at the same time takes at least as long as the longest path through the
/// network (its *span*, or critical path), and no longer than all operations one after the other (its *work*; Brent,
/// 1974). Between these bounds, operations that run at the same time slow each other down. The latency is
///
///     c + sum over all nodes of a x + max over paths of (sum over the path's nodes of b x) + sum over pairs of d n
///       + sum over unused nodes of e x
///
/// where x are a node's terms (`OperationTerm`; on the path without resolutions), a and b their prices in work and
/// span, and n for each pair of operations the number of pairs of nodes of which neither depends on the other. Unused
/// nodes are those before a `none` of NAS-Bench-201, if no other path leads from them to the output: some runtimes
/// leave them out. This is Labbook's own method. Linear regression is the special case b = d = e = 0, which is all
/// that is left for networks without branches.
///
/// ```swift
/// let fit = try CriticalPath().fit(to: data, split: split, label: "critical path")
/// print(try fit.predictor.criticalPath(of: data.graphs[0]))
/// ```
///
/// The prices minimise the mean loss of r = (p - y) / max(p, y) plus a ridge penalty: first Huber's, then from there
/// the bounded r^2 / (r^2 + c^2) with c = 10 %, so that measurements which took a third longer than they should decide
/// on nothing. For given paths this is a linear regression. So each step finds the longest paths, weights the samples
/// (iteratively reweighted least squares), solves the regression, and goes towards its solution as far as the loss
/// decreases. The steps begin at `starts` different prices, and the result with the least loss is taken.
///
/// It learns from the training part alone. On NAS-Bench-201's cells and LatBench's i7, with 100 samples, it has three
/// quarters of other cells within 5 %, where linear regression has a quarter (Documentation/accuracy.md).
public struct CriticalPath: Recipe {
  public typealias Predictor = CriticalPathPredictor

  /// The ridge penalty of the scaled prices, relative to the median latency; it is positive. Nil chooses the best of
  /// three by cross-validation in the training part.
  public var penalty: Double?
  /// The parts of the model. Nil chooses the smallest combination whose loss in a cross-validation within the training
  /// part is at most one standard error above the least: a device that runs one operation after the other has no use
  /// for the span.
  public var parts: CriticalPathParts?
  /// The relative error beyond which a sample counts less.
  public var huberThreshold: Double
  /// The relative error c of a bounded loss r^2 / (r^2 + c^2), which is minimised after Huber's; nil for Huber's alone.
  public var bound: Double?
  /// The number of different prices from which the search begins, at least 1.
  public var starts: Int

  public init(
    parts: CriticalPathParts? = nil, penalty: Double? = nil, huberThreshold: Double = 0.03, bound: Double? = 0.1,
    starts: Int = 8
  ) {
    self.parts = parts
    self.penalty = penalty
    self.huberThreshold = huberThreshold
    self.bound = bound
    self.starts = starts
  }

  /// - Throws: `InputError` when a setting or a latency is not positive, or the regression has no stable solution.
  public func learn(from data: Dataset, split: Split, in context: TrainingContext) throws -> Fit<CriticalPath> {
    try validate()
    let training = data[split.training]
    try training.requirePositiveLatencies(for: "a critical path needs")
    let all = try CriticalPathTerms(fitting: training.graphs)
    let wanted = (parts ?? all.parts).intersection(all.parts)
    let possible = parts == nil ? CriticalPathParts.combinations.filter { wanted.isSuperset(of: $0) } : [wanted]
    let median = training.latencies.median ?? 1
    let searches = try possible.map { parts in
      let terms = all.keeping(parts)
      return CriticalPathSearch(
        terms: terms, networks: try terms.networks(training.graphs), targets: training.latencies.map { $0 / median },
        loss: bound.map { .bounded(at: $0, threshold: huberThreshold) } ?? .huber(threshold: huberThreshold),
        starts: starts)
    }
    let (terms, solution) = try CriticalPathSearch.best(
      of: searches, penalties: penalty.map { [$0] } ?? Self.penalties)
    return Fit(
      self,
      CriticalPathPredictor(
        terms: terms, prices: solution.prices.map { $0 * median }, intercept: solution.intercept * median,
        floor: (training.latencies.min() ?? 0) / 10, unit: data.unit, device: data.measuredOn))
  }

  private static let penalties = [1e-5, 1e-3, 1e-2]

  private func validate() throws {
    if let penalty, !(penalty > 0 && penalty.isFinite) {
      throw InputError("the penalty is \(penalty)", remedy: "It must be a positive number, such as 1e-4.")
    }
    if let bound, !(bound > 0 && bound.isFinite) {
      throw InputError("the bound is \(bound)", remedy: "It must be a positive number; 0.1 is usual.")
    }
    guard huberThreshold > 0 else {
      throw InputError("the threshold is \(huberThreshold)", remedy: "It must be a positive number; 0.03 is usual.")
    }
    guard starts >= 1 else {
      throw InputError("the search begins at \(starts) prices", remedy: "Use at least 1; 8 is usual.")
    }
  }
}
