/// How well two halves of a measurement agree: the share of models of which both halves give the same latency, within some
/// part of it. No predictor can be more exact than what it learns from.
public struct HalfAgreement: Codable, Hashable, Sendable {
  /// Within 1, 5 and 10 %.
  public var shares: [Double]
  /// Of how many models.
  public var count: Int

  public static let limits = [0.01, 0.05, 0.1]

  /// - Parameter halves: The latencies of both halves, of each model.
  public init(_ halves: [(Double, Double)]) {
    count = halves.count
    shares = Self.limits.map { limit in
      let within = halves.count { abs($0.0 - $0.1) <= limit * ($0.0 + $0.1) / 2 }
      return halves.isEmpty ? 0 : Double(within) / Double(halves.count)
    }
  }

  /// Of the visits of each model, even rounds against odd ones, by an estimator. Models with one round don't count.
  public init(_ models: [[Visit]], by estimator: Estimator) {
    let halves = models.filter { $0.count >= 2 }.map(Self.halves)
    let first = estimator.estimates(halves.map(\.0))
    let second = estimator.estimates(halves.map(\.1))
    self.init(Array(zip(first, second)))
  }

  /// Every other round, so that both halves see early and late ones.
  static func halves(_ visits: [Visit]) -> ([Visit], [Visit]) {
    let ordered = visits.sorted { $0.round < $1.round }.enumerated()
    return (
      ordered.filter { $0.offset.isMultiple(of: 2) }.map(\.element),
      ordered.filter { !$0.offset.isMultiple(of: 2) }.map(\.element)
    )
  }

  /// As in "30 / 85 / 97 % of 600 models within 1 / 5 / 10 %".
  public var text: String {
    let percent = shares.map { String(Int(($0 * 100).rounded())) }.joined(separator: " / ")  // bounded: shares
    return "\(percent) % of \(count) models within 1 / 5 / 10 %"
  }
}
