import Core

/// The rounds of one device, with their evaluation.
public struct MeasuredRounds: Sendable {
  /// The visits of each model, in the order of the first visits.
  public let models: [(id: String, visits: [Visit])]

  /// Groups visits by model. Only undisturbed rounds count, unless a model was disturbed too often; then all its
  /// rounds count. Of two visits in the same round the better one counts, or the later one if they are equally good.
  public init(_ visits: [Visit], device: String) {
    var order: [String] = []
    var byModel: [String: [Int: Visit]] = [:]
    for visit in visits where visit.device == device {
      if byModel[visit.id] == nil { order.append(visit.id) }
      let other = byModel[visit.id]?[visit.round]
      if other == nil || other?.spoilt.isEmpty == false { byModel[visit.id, default: [:]][visit.round] = visit }
    }
    models = order.map { id in (id, (byModel[id] ?? [:]).values.sorted { $0.round < $1.round }) }
  }

  /// The rounds of a model from which its estimate is made.
  static func counted(_ visits: [Visit]) -> [Visit] {
    let good = visits.filter(\.spoilt.isEmpty)
    return good.count >= 3 || good.count == visits.count ? good : visits
  }

  /// The agreement of the halves by an estimator.
  public func agreement(_ estimator: Estimator = .medianOfRounds) -> HalfAgreement {
    HalfAgreement(models.map { Self.counted($0.visits) }, by: estimator)
  }

  /// The 95 % confidence interval, in milliseconds, of the median of the rounds' medians, by bootstrap over rounds
  /// (Efron, 1979; percentiles of 200 resamples); nil with fewer than three rounds. Up to five rounds it covers less:
  /// even the interval from the least to the greatest median covers 75 % with three, 87.5 % with four and 93.75 % with
  /// five.
  static func interval(_ visits: [Visit]) -> (low: Double, high: Double)? {
    let medians = visits.map { median($0.milliseconds) }
    guard medians.count >= 3 else { return nil }
    var random = SeededGenerator(seed: 1)
    let resampled = (0..<200).map { _ in
      median((0..<medians.count).map { _ in medians[Int.random(in: 0..<medians.count, using: &random)] })
    }
    return (quantile(0.025, of: resampled), quantile(0.975, of: resampled))
  }

  /// Whether a model's estimate is precise enough.
  static func isPrecise(_ visits: [Visit], within precision: Double) -> Bool {
    let visits = counted(visits)
    guard let interval = interval(visits) else { return false }
    let estimate = median(visits.map { median($0.milliseconds) })
    return interval.high - estimate <= precision * estimate && estimate - interval.low <= precision * estimate
  }
}
