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
