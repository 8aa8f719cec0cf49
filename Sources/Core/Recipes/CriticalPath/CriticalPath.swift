internal import Basics
import Numerics

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
/// The prices minimise the mean of Huber's loss of (p - y) / max(p, y) plus a ridge penalty. For given paths this is
/// a linear regression. So each step finds the longest paths, weights the samples (iteratively reweighted least
/// squares), solves the regression, and goes towards its solution as far as the loss decreases. The steps begin at
/// `starts` different prices, and the result with the least loss is taken.
///
/// It learns from the training part alone. On NAS-Bench-201's cells and LatBench's i7, with 100 samples, it has three
/// quarters of other cells within 5 %, where linear regression has a quarter (Documentation/accuracy.md).
public struct CriticalPath: Recipe {
  public typealias Predictor = CriticalPathPredictor

  /// The ridge penalty of the scaled prices, relative to the median latency; it is positive. Nil chooses the best of
  /// three by cross-validation in the training part.
  public var penalty: Double?
  /// The parts of the model. Nil chooses the best combination by cross-validation in the training part: a device that
  /// runs one operation after the other has no use for the span.
  public var parts: CriticalPathParts?
  /// The relative error beyond which a sample counts less.
  public var huberThreshold: Double
  /// The number of different prices from which the search begins, at least 1.
  public var starts: Int

  public init(
    parts: CriticalPathParts? = nil, penalty: Double? = nil, huberThreshold: Double = 0.03, starts: Int = 8
  ) {
    self.parts = parts
    self.penalty = penalty
    self.huberThreshold = huberThreshold
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
        threshold: huberThreshold, starts: starts)
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
    guard huberThreshold > 0 else {
      throw InputError("the threshold is \(huberThreshold)", remedy: "It must be a positive number; 0.03 is usual.")
    }
    guard starts >= 1 else {
      throw InputError("the search begins at \(starts) prices", remedy: "Use at least 1; 8 is usual.")
    }
  }
}

/// The search for the prices of `CriticalPath`.
struct CriticalPathSearch {
  struct Solution {
    /// The prices of work, span, pairs and unused work, in this order.
    var prices: [Double]
    var intercept: Double
    var loss: Double
  }

  let terms: CriticalPathTerms
  var networks: [CriticalPathNetwork]
  /// The latencies over their median.
  var targets: [Double]
  let threshold: Double
  let starts: Int

  private static let folds = 5
  private static let mostSteps = 60
  private static let leastGain = 1e-6

  /// The solution of the search and penalty with the least loss on samples left out; of equal ones the first. With
  /// too few samples to tell, it is that of the first search and the middle penalty.
  static func best(
    of searches: [CriticalPathSearch], penalties: [Double]
  ) throws -> (terms: CriticalPathTerms, solution: Solution) {
    let middle = penalties[penalties.count / 2]
    guard searches.count * penalties.count > 1, searches[0].targets.count >= 4 * folds else {
      return (searches[0].terms, try searches[0].solution(penalty: middle))
    }
    var best: (search: CriticalPathSearch, penalty: Double, start: [Double])?
    var least = Double.infinity
    for search in searches {
      // The folds' solutions and those of other penalties are near that of all samples.
      let near = Array(search.span(of: try search.solution(penalty: middle).prices))
      for penalty in penalties {
        let loss = try search.lossLeftOut(from: near, penalty: penalty)
        if best == nil || loss < least { (best, least) = ((search, penalty, near), loss) }
      }
    }
    guard let best else { throw InputError("the critical path has no penalty to choose from") }
    return (best.search.terms, try best.search.solution(from: best.start, penalty: best.penalty))
  }

  private func lossLeftOut(from start: [Double], penalty: Double) throws -> Double {
    try (0..<Self.folds).reduce(0) { loss, fold in
      let held = targets.indices.filter { $0 % Self.folds == fold }
      let solution = try self[targets.indices.filter { $0 % Self.folds != fold }].solution(
        from: start, penalty: penalty)
      return loss + self[held].loss(solution.prices, solution.intercept) * Double(held.count)
    }
  }

  private subscript(samples: [Int]) -> CriticalPathSearch {
    var part = self
    part.networks = samples.map { networks[$0] }
    part.targets = samples.map { targets[$0] }
    return part
  }

  /// The best of the solutions from all starts.
  func solution(penalty: Double) throws -> Solution {
    var random = SeededGenerator(seed: 1)
    var best: Solution?
    for start in 0..<(terms.span.isEmpty ? 1 : starts) {
      let solution = try solution(from: startingPrices(start, using: &random), penalty: penalty)
      if solution.loss < best?.loss ?? .infinity { best = solution }
    }
    guard let best else {
      throw InputError("the critical path has no stable prices", remedy: "Use a larger penalty, or more samples.")
    }
    return best
  }

  /// Span prices under which all terms contribute alike at the first start, and in random proportions at the others.
  private func startingPrices(_ start: Int, using random: inout SeededGenerator) -> [Double] {
    terms.span.map { term in
      let column = terms.work.firstIndex(of: term) ?? 0
      let mean = networks.reduce(0) { $0 + $1.work[column] } / Double(networks.count)
      let share = start == 0 ? 1 : random.uniform()
      return mean > 0 ? share * share / mean : 0
    }
  }

  private func solution(from start: [Double], penalty: Double) throws -> Solution {
    var rows = networks.map { $0.row(start[...]) }
    var current = try solve(rows, scales: targets, errors: nil, penalty: penalty)
    current.loss = loss(current.prices, current.intercept)
    for _ in 0..<Self.mostSteps {
      rows = networks.map { $0.row(span(of: current.prices)) }
      let predictions = rows.map { value(of: $0, current.prices, current.intercept) }
      let scales = zip(predictions, targets).map { max($0, $1) }
      let errors = targets.indices.map { (predictions[$0] - targets[$0]) / scales[$0] }
      let next = try solve(rows, scales: scales, errors: errors, penalty: penalty)
      guard let better = step(from: current, to: next) else { break }
      let gain = current.loss - better.loss
      current = better
      if gain < Self.leastGain * current.loss { break }
    }
    return current
  }

  /// The first point with a lower loss on the way from one solution to the other: the end, the middle, a quarter and
  /// so on.
  private func step(from current: Solution, to next: Solution) -> Solution? {
    var length = 1.0
    while length > 0.05 {
      let prices = zip(current.prices, next.prices).map { $0 + length * ($1 - $0) }
      let intercept = current.intercept + length * (next.intercept - current.intercept)
      let loss = loss(prices, intercept)
      if loss < current.loss { return Solution(prices: prices, intercept: intercept, loss: loss) }
      length /= 2
    }
    return nil
  }

  private func solve(
    _ rows: [[Double]], scales: [Double], errors: [Double]?, penalty: Double
  ) throws -> Solution {
    let weights = scales.indices.map { sample in
      let error = abs(errors?[sample] ?? 0)
      return (error <= threshold ? 1 : threshold / error) / (scales[sample] * scales[sample])
    }
    let ridge = try RidgeRegression(rows: rows, targets: targets, weights: weights, penalty: penalty)
    var prices = [Double](repeating: 0, count: terms.count)
    for (column, coefficient) in zip(ridge.columns, ridge.coefficients) { prices[column] = coefficient }
    return Solution(prices: prices, intercept: ridge.intercept, loss: .infinity)
  }

  private func span(of prices: [Double]) -> ArraySlice<Double> { prices[terms.spanColumns] }

  private func value(of row: [Double], _ prices: [Double], _ intercept: Double) -> Double {
    zip(row, prices).reduce(intercept) { $0 + $1.0 * $1.1 }
  }

  /// The mean of Huber's loss of the relative errors.
  private func loss(_ prices: [Double], _ intercept: Double) -> Double {
    let sum = zip(networks, targets).reduce(0) { sum, sample in
      let prediction = value(of: sample.0.row(span(of: prices)), prices, intercept)
      let error = (prediction - sample.1) / max(prediction, sample.1)
      return sum + Loss.relativeHuber(error, threshold: threshold).value
    }
    return sum / Double(targets.count)
  }
}
