import Numerics
import Testing

@Suite struct RegressionTests {
  /// Rosenbrock's function, whose minimum is at (1, 1).
  @Test func nelderMeadFindsTheValley() {
    let point = NelderMead.minimum(from: [-1.2, 1], iterations: 400, tolerance: 1e-12) { point in
      let valley = point[1] - point[0] * point[0]
      return 100 * valley * valley + (1 - point[0]) * (1 - point[0])
    }
    #expect(abs(point[0] - 1) < 1e-4 && abs(point[1] - 1) < 1e-4)
    #expect(NelderMead.minimum(from: [], iterations: 10) { _ in 0 } == [])
  }

  /// The pooled means, computed by hand: 3 and 1 become 2 and 2, then 4, then 6 and 5 become 5.5.
  @Test func isotonicRegressionPools() {
    let fit = IsotonicRegression([1, 2, 3, 4, 5], [3, 1, 4, 6, 5])
    #expect(fit.values == [2, 2, 4, 5.5, 5.5])
    #expect([0, 1.5, 2.5, 3.5, 9].map { fit.value($0) } == [2, 2, 3, 4.75, 5.5])
    // Equal points get the mean of their targets, in any order.
    let ties = IsotonicRegression([2, 1, 2], [4, 1, 6])
    #expect((ties.points, ties.values) == ([1, 2], [1, 5]))
    #expect(IsotonicRegression([], []).value(1).isNaN)
  }

  @Test func medoidsAreInTheMiddleOfTheirGroups() {
    let points = [0.0, 1, 2, 10, 11, 12, 13, 50]
    #expect(Medoids.choose(3, of: points.count) { abs(points[$0] - points[$1]) } == [1, 4, 7])
    #expect(Medoids.choose(1, of: 3) { abs(points[$0] - points[$1]) } == [1])
    #expect(Medoids.choose(9, of: 2) { _, _ in 1 } == [0, 1])
    #expect(Medoids.choose(2, of: 0) { _, _ in 1 } == [])
  }

  /// Two targets of variance 1 and covariance 0.5, with noise, computed by hand: the determinant is 0.75.
  @Test func posteriorsOfTwo() throws {
    let posterior = try #require(GaussianPosterior(covariance: [1, 0, 0.5, 1], targets: [1, -1]))
    #expect(zip(posterior.weights, [2, -2]).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(abs(posterior.negativeLogLikelihood - (2 + CorrectlyRounded.log(0.75) / 2)) < 1e-12)
    #expect(abs(posterior.mean([0.5, 0.25]) - 0.5) < 1e-12)
    // k' K^-1 k = (0.25 + 0.0625 - 0.125) / 0.75.
    #expect(abs(posterior.explainedVariance([0.5, 0.25]) - 0.25) < 1e-12)
    #expect(zip(posterior.inverseCovariance, [4, -2, -2, 4]).allSatisfy { abs($0 * 3 - $1) < 1e-12 })
    if GaussianPosterior(covariance: [1, 0, 2, 1], targets: [0, 0]) != nil {
      Issue.record("it isn't positive definite")
    }
  }
}
