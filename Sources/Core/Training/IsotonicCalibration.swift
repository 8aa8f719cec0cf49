import Numerics

/// A non-decreasing function from scores to latencies, for predictors that only rank networks.
///
/// It is the least squares fit of the logarithms of the latencies by a non-decreasing function of the scores (pool
/// adjacent violators; Barlow and others, 1972). Lines join the middles of consecutive steps, so that different
/// scores get different latencies. Beyond the outermost steps it is constant.
public struct IsotonicCalibration: Codable, Hashable, Sendable {
  /// The mean score of each step, ascending.
  let scores: [Double]
  /// The logarithm of the latency of each step, ascending.
  let logarithms: [Double]

  /// - Precondition: There is at least one score, as many targets, and all targets are above 0.
  init(_ scores: [Double], targets: [Double]) {
    struct Step {
      var score: Double
      var logarithm: Double
      var count: Double
    }
    var steps: [Step] = []
    let order = scores.indices.sorted { (scores[$0], targets[$0]) < (scores[$1], targets[$1]) }
    func joined(_ first: Step, _ second: Step) -> Step {
      let count = first.count + second.count
      return Step(
        score: (first.score * first.count + second.score * second.count) / count,
        logarithm: (first.logarithm * first.count + second.logarithm * second.count) / count, count: count)
    }
    // Targets with the same score are one step, whatever it is pooled with.
    var single: [Step] = []
    for index in order {
      let step = Step(score: scores[index], logarithm: CorrectlyRounded.log(targets[index]), count: 1)
      if let last = single.last, last.score == step.score {
        single[single.count - 1] = joined(last, step)
      } else {
        single.append(step)
      }
    }
    for var step in single {
      while let last = steps.last, last.logarithm >= step.logarithm {
        step = joined(last, step)
        steps.removeLast()
      }
      steps.append(step)
    }
    self.scores = steps.map(\.score)
    logarithms = steps.map(\.logarithm)
  }

  /// The latency of a score.
  func latency(of score: Double) -> Double {
    guard let first = logarithms.first, let last = logarithms.last else { return .nan }
    let next = scores.partitionPoint { $0 <= score }
    if next == 0 { return CorrectlyRounded.exp(first) }
    if next == scores.count { return CorrectlyRounded.exp(last) }
    let share = (score - scores[next - 1]) / (scores[next] - scores[next - 1])
    return CorrectlyRounded.exp(logarithms[next - 1] + share * (logarithms[next] - logarithms[next - 1]))
  }
}

extension [Double] {
  /// The length of the prefix whose elements fulfil the condition. No later element may fulfil it.
  fileprivate func partitionPoint(_ belongs: (Double) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if belongs(self[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
