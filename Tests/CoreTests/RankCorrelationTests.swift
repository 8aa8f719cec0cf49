import Testing

@testable import Core

@Suite struct RankCorrelationTests {
  struct Pair: CustomTestStringConvertible, Sendable {
    var name: String
    var left: [Double]
    var right: [Double]
    var rho: Double
    var tau: Double
    var testDescription: String { name }

    init(_ name: String, _ left: [Int], _ right: [Double], rho: Double, tau: Double) {
      self.name = name
      self.left = left.map(Double.init)
      self.right = right
      self.rho = rho
      self.tau = tau
    }
  }

  /// The expected numbers come from scipy, by Tests/Reference/rank_correlation.py.
  @Test(arguments: [
    Pair("agree", [1, 2, 3, 4, 5], [10, 20, 30, 40, 50], rho: 1, tau: 1),
    Pair("reversed", [1, 2, 3, 4, 5], [5, 4, 3, 2, 1], rho: -1, tau: -1),
    Pair("one exchange", [1, 2, 3, 4, 5], [1, 2, 4, 3, 5], rho: 0.8999999999999998, tau: 0.7999999999999999),
    Pair(
      "ties left", [1, 1, 2, 2, 3, 3], [1, 2, 3, 4, 5, 6], rho: 0.956182887467515, tau: 0.8944271909999159),
    Pair("ties both", [12, 2, 1, 12, 2], [1, 4, 7, 1, 0], rho: -0.5407380704358752, tau: -0.4714045207910316),
    Pair(
      "ties in the same places", [1, 1, 2, 3, 3, 3, 4], [2, 2, 2, 5, 5, 4, 4], rho: 0.7525121326622726,
      tau: 0.6063390625908325),
    Pair(
      "1,000 distinct", (0..<1000).map { $0 * 7919 % 1009 },
      (0..<1000).map { (index: Int) -> Double in Double(index * index % 1013) + Double(index) / 7 },
      rho: 0.017173664574050496, tau: 0.01144419954166348),
    Pair(
      "1,000 of 17 and 23 values", (0..<1000).map { $0 * $0 % 17 },
      (0..<1000).map { (index: Int) -> Double in Double((index * index % 17) * 3 % 23 + index % 5) },
      rho: 0.3050599672181741, tau: 0.29064659133676474),
  ])
  func agreesWithSciPy(_ pair: Pair) {
    #expect(abs(RankCorrelation.spearmanRho(pair.left, pair.right) - pair.rho) < 1e-13)
    #expect(abs(RankCorrelation.kendallTau(pair.left, pair.right) - pair.tau) < 1e-13)
    #expect(abs(RankCorrelation.kendallTau(pair.right, pair.left) - pair.tau) < 1e-13)
  }

  @Test func nothingToCompare() {
    #expect(RankCorrelation.spearmanRho([1, 2, 3], [4, 4, 4]).isNaN)
    #expect(RankCorrelation.kendallTau([1, 2, 3], [4, 4, 4]).isNaN)
    #expect(RankCorrelation.kendallTau([1], [2]).isNaN)
    #expect(RankCorrelation.spearmanRho([], []).isNaN)
    #expect(RankCorrelation.kendallTau([], []).isNaN)
    #expect(RankCorrelation.spearmanRho([1, .nan, 3], [1, 2, 3]).isNaN)
    #expect(RankCorrelation.kendallTau([1, 2, 3], [1, .nan, 3]).isNaN)
  }
}
