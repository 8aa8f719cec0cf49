import Core
import Numerics

/// The rounds of one device, and what follows from them.
public struct MeasuredRounds: Sendable {
  /// Of each model, in the order of their ids' first visits.
  public let models: [(id: String, visits: [Visit])]

  /// Groups visits by model. A model whose rounds were spoilt too often counts with all of them, any other with the good
  /// ones alone; of two visits in one round the better one counts, which is the later of two that are alike.
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

  /// Those rounds of a model that its estimate is made of.
  static func counted(_ visits: [Visit]) -> [Visit] {
    let good = visits.filter(\.spoilt.isEmpty)
    return good.count >= 3 || good.count == visits.count ? good : visits
  }

  /// How well the halves agree by an estimator.
  public func agreement(_ estimator: Estimator = .medianOfRounds) -> HalfAgreement {
    HalfAgreement(models.map { Self.counted($0.visits) }, by: estimator)
  }

  /// The 95 % interval of the median of the rounds' medians in milliseconds, by bootstrap over rounds (Efron, 1979;
  /// percentiles of 200 resamples); nil with fewer than three rounds.
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
