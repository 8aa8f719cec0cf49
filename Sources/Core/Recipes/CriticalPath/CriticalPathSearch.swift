import Numerics

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
  let loss: CriticalPathLoss
  let starts: Int

  private static let folds = 5
  private static let mostSteps = 60
  private static let leastGain = 1e-6

  /// A search with its best penalty.
  private struct Candidate {
    let search: CriticalPathSearch
    let penalty: Double
    let start: [Double]
    /// The loss of each sample when it is left out.
    let losses: [Double]

    /// Whether its losses are on average at most one standard error above those of another.
    func isWithinStandardError(of other: Candidate) -> Bool {
      let count = Double(losses.count)
      let differences = zip(losses, other.losses).map { $0 - $1 }
      let mean = differences.reduce(0, +) / count
      let squares = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return mean <= (squares / (count - 1) / count).squareRoot()
    }
  }

  /// The solution of the first of `searches` whose loss on samples left out is not more than one standard error above
  /// the least, so that a larger model has to prove itself (Breiman and others, 1984). Each search has the penalty
  /// with its least loss. With too few samples to tell, it is the first search with the middle penalty.
  ///
  /// - Parameter searches: The searches, from the smallest model to the largest.
  static func best(
    of searches: [CriticalPathSearch], penalties: [Double]
  ) throws -> (terms: CriticalPathTerms, solution: Solution) {
    let middle = penalties[penalties.count / 2]
    guard searches.count * penalties.count > 1, searches[0].targets.count >= 4 * folds else {
      return (searches[0].terms, try searches[0].solution(penalty: middle))
    }
    let candidates = try searches.map { search in
      // The folds' solutions and those of other penalties are near that of all samples.
      let start = Array(search.span(of: try search.solution(penalty: middle).prices))
      let losses = try penalties.map { try search.lossesLeftOut(from: start, penalty: $0) }
      let best = losses.map { $0.reduce(0, +) }.enumerated().min { $0.element < $1.element }?.offset ?? 0
      return Candidate(search: search, penalty: penalties[best], start: start, losses: losses[best])
    }
    guard let least = candidates.min(by: { $0.losses.reduce(0, +) < $1.losses.reduce(0, +) }),
      let chosen = candidates.first(where: { $0.isWithinStandardError(of: least) })
    else { throw InputError("the critical path has no parts to choose from") }
    return (chosen.search.terms, try chosen.search.solution(from: chosen.start, penalty: chosen.penalty))
  }

  /// The loss of each sample when it is left out.
  private func lossesLeftOut(from start: [Double], penalty: Double) throws -> [Double] {
    var result = [Double](repeating: 0, count: targets.count)
    for fold in 0..<Self.folds {
      let solution = try self[targets.indices.filter { $0 % Self.folds != fold }].solution(
        from: start, penalty: penalty)
      for sample in stride(from: fold, to: targets.count, by: Self.folds) {
        result[sample] = loss.value(error(of: sample, solution.prices, solution.intercept))
      }
    }
    return result
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
    let rows = networks.map { $0.row(start[...]) }
    var current = try solve(rows, scales: targets, errors: nil, penalty: penalty, loss.convex)
    // A bounded loss has many minima. The one near the solution of the convex loss is wanted.
    for loss in loss.isBounded ? [loss.convex, loss] : [loss] {
      current = try descended(from: current, penalty: penalty, loss)
    }
    return current
  }

  private func descended(
    from start: Solution, penalty: Double, _ loss: CriticalPathLoss
  ) throws -> Solution {
    var current = start
    current.loss = self.mean(loss, current.prices, current.intercept)
    for _ in 0..<Self.mostSteps {
      let rows = networks.map { $0.row(span(of: current.prices)) }
      let predictions = rows.map { value(of: $0, current.prices, current.intercept) }
      let scales = zip(predictions, targets).map { max($0, $1) }
      let errors = targets.indices.map { (predictions[$0] - targets[$0]) / scales[$0] }
      let next = try solve(rows, scales: scales, errors: errors, penalty: penalty, loss)
      guard let better = step(from: current, to: next, loss) else { break }
      let gain = current.loss - better.loss
      current = better
      if gain < Self.leastGain * current.loss { break }
    }
    return current
  }

  /// The first point with a lower loss on the way from one solution to the other: the end, the middle, a quarter and
  /// so on.
  private func step(from current: Solution, to next: Solution, _ loss: CriticalPathLoss) -> Solution? {
    var length = 1.0
    while length > 0.05 {
      let prices = zip(current.prices, next.prices).map { $0 + length * ($1 - $0) }
      let intercept = current.intercept + length * (next.intercept - current.intercept)
      let value = mean(loss, prices, intercept)
      if value < current.loss { return Solution(prices: prices, intercept: intercept, loss: value) }
      length /= 2
    }
    return nil
  }

  private func solve(
    _ rows: [[Double]], scales: [Double], errors: [Double]?, penalty: Double, _ loss: CriticalPathLoss
  ) throws -> Solution {
    let weights = scales.indices.map { sample in
      loss.weight(errors?[sample] ?? 0) / (scales[sample] * scales[sample])
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

  /// The mean loss of the relative errors.
  private func mean(_ loss: CriticalPathLoss, _ prices: [Double], _ intercept: Double) -> Double {
    targets.indices.reduce(0) { $0 + loss.value(error(of: $1, prices, intercept)) } / Double(targets.count)
  }

  private func error(of sample: Int, _ prices: [Double], _ intercept: Double) -> Double {
    let prediction = value(of: networks[sample].row(span(of: prices)), prices, intercept)
    return (prediction - targets[sample]) / max(prediction, targets[sample])
  }
}

/// The loss of a relative error r in the search for prices.
enum CriticalPathLoss {
  /// Huber's: r^2 / (2 d) up to the threshold d, |r| - d / 2 beyond.
  case huber(threshold: Double)
  /// Geman and McClure's, r^2 / (r^2 + c^2), for which an error of 30 % is hardly worse than one of 20 %.
  case bounded(at: Double, threshold: Double)

  var isBounded: Bool { if case .bounded = self { true } else { false } }

  /// The convex loss to begin with.
  var convex: CriticalPathLoss {
    switch self {
    case .huber(let threshold), .bounded(_, let threshold): .huber(threshold: threshold)
    }
  }

  func value(_ error: Double) -> Double {
    switch self {
    case .huber(let threshold): Loss.relativeHuber(error, threshold: threshold).value
    case .bounded(let bound, _): error * error / (error * error + bound * bound)
    }
  }

  /// The weight of a sample with this error in a regression by squares.
  func weight(_ error: Double) -> Double {
    switch self {
    case .huber(let threshold): return abs(error) <= threshold ? 1 : threshold / abs(error)
    case .bounded(let bound, _):
      let ratio = error / bound
      return 1 / ((1 + ratio * ratio) * (1 + ratio * ratio))
    }
  }
}
