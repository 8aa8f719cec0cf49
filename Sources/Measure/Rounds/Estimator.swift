/// An estimator of a model's latency from its rounds.
public struct Estimator: Sendable {
  /// The name in comparisons.
  public let name: String
  /// The estimates in milliseconds for each model, from the visits of each, none of which is empty.
  let estimates: @Sendable ([[Visit]]) -> [Double]

  private init(_ name: String, _ estimates: @escaping @Sendable ([[Visit]]) -> [Double]) {
    self.name = name
    self.estimates = estimates
  }

  /// An estimator that treats each model separately.
  private init(_ name: String, each estimate: @escaping @Sendable ([Visit]) -> Double) {
    self.init(name) { $0.map(estimate) }
  }

  private static func medians(_ visits: [Visit]) -> [Double] { visits.map { median($0.milliseconds) } }
  private static func all(_ visits: [Visit]) -> [Double] { visits.flatMap(\.milliseconds) }

  /// The median of the rounds' medians, which tables contain. Each round counts once, whatever its number of runs.
  public static let medianOfRounds = Estimator("median of the rounds' medians", each: { median(medians($0)) })
  /// The median of all runs, as in the table of the pruned residual networks.
  public static let medianOfRuns = Estimator("median of all runs", each: { median(all($0)) })
  /// The mean of the rounds' medians.
  public static let meanOfRounds = Estimator("mean of the rounds' medians", each: { mean(medians($0)) })
  /// The mean of all runs without a fifth at each end.
  public static let trimmedMean = Estimator("mean without a fifth at each end") { models in
    models.map { visits in
      let runs = all(visits).sorted()
      return mean(runs.dropFirst(runs.count / 5).dropLast(runs.count / 5))
    }
  }
  /// The lower quartile of all runs: disturbances only slow runs down.
  public static let lowerQuartile = Estimator("lower quartile of all runs", each: { quantile(0.25, of: all($0)) })
  /// The median over rounds of each round's least time.
  public static let medianOfMinima = Estimator("median of the rounds' least times") { models in
    models.map { visits in median(visits.map { $0.milliseconds.min() ?? .nan }) }
  }
  /// The least time.
  public static let minimum = Estimator("least time", each: { all($0).min() ?? .nan })
  /// The lower quartile of the rounds' medians.
  public static let quietRounds = Estimator(
    "lower quartile of the rounds' medians", each: { quantile(0.25, of: medians($0)) })

  /// The median of the rounds' medians, each divided by the relative slowness of its round over all models (the first
  /// two steps of Tukey's median polish on logarithms).
  public static let adjustedByRound = Estimator("median, adjusted by round") { models in
    let first = models.map { median(medians($0)) }
    var ratios: [Int: [Double]] = [:]
    for (visits, estimate) in zip(models, first) {
      for visit in visits { ratios[visit.round, default: []].append(median(visit.milliseconds) / estimate) }
    }
    let factors = ratios.mapValues(median)
    return models.map { visits in median(visits.map { median($0.milliseconds) / (factors[$0.round] ?? 1) }) }
  }

  /// The median of the rounds' medians, each divided by the relative slowness of a fixed piece of work that was timed
  /// just before.
  public static let adjustedByProbe = Estimator("median, adjusted by probe") { models in
    let probes = models.joined().map { Double($0.probe) }.filter { $0 > 0 }
    let usual = probes.isEmpty ? 1 : median(probes)
    return models.map { visits in
      median(visits.map { median($0.milliseconds) * ($0.probe > 0 ? usual / Double($0.probe) : 1) })
    }
  }

  /// All estimators, with the one for tables first.
  public static let all: [Estimator] = [
    medianOfRounds, medianOfRuns, meanOfRounds, trimmedMean, lowerQuartile, quietRounds, medianOfMinima, minimum,
    adjustedByRound, adjustedByProbe,
  ]
}
