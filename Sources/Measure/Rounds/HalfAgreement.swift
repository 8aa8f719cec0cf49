/// The agreement of two halves of a measurement: the fraction of models whose latencies in both halves differ by at
/// most a tolerance. No predictor can be more accurate than its training data.
public struct HalfAgreement: Codable, Hashable, Sendable {
  /// The fractions within 1, 5 and 10 %.
  public var shares: [Double]
  /// The number of models.
  public var count: Int

  public static let limits = [0.01, 0.05, 0.1]

  /// - Parameter halves: The latencies of each model in both halves.
  public init(_ halves: [(Double, Double)]) {
    count = halves.count
    shares = Self.limits.map { limit in
      let within = halves.count { abs($0.0 - $0.1) <= limit * ($0.0 + $0.1) / 2 }
      return halves.isEmpty ? 0 : Double(within) / Double(halves.count)
    }
  }

  /// Compares the even with the odd rounds of each model by an estimator. Models with one round don't count.
  public init(_ models: [[Visit]], by estimator: Estimator) {
    let halves = models.filter { $0.count >= 2 }.map(Self.halves)
    let first = estimator.estimates(halves.map(\.0))
    let second = estimator.estimates(halves.map(\.1))
    self.init(Array(zip(first, second)))
  }

  /// Alternating rounds, so that both halves have early and late ones.
  static func halves(_ visits: [Visit]) -> ([Visit], [Visit]) {
    let ordered = visits.sorted { $0.round < $1.round }.enumerated()
    return (
      ordered.filter { $0.offset.isMultiple(of: 2) }.map(\.element),
      ordered.filter { !$0.offset.isMultiple(of: 2) }.map(\.element)
    )
  }

  /// A text such as "30 / 85 / 97 % of 600 models within 1 / 5 / 10 %".
  public var text: String {
    let percent = shares.map { String(Int(($0 * 100).rounded())) }.joined(separator: " / ")  // bounded: shares
    return "\(percent) % of \(count) \(count == 1 ? "model" : "models") within 1 / 5 / 10 %"
  }
}
