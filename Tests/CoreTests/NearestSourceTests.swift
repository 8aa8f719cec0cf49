import Testing

@testable import Core

@Suite struct NearestSourceTests {
  /// The second source is twice too fast throughout; the first is right on average, but not in the order.
  @Test func theSourceWithEqualRatiosIsNearest() throws {
    let nearest = try #require(NearestSource(of: [[4, 2, 3], [1, 2, 3]], measured: [2, 4, 6]))
    #expect(nearest.index == 1)
    #expect(abs(nearest.factor - 2) < 1e-12)
  }

  @Test func theFactorIsTheGeometricMean() throws {
    let nearest = try #require(NearestSource(of: [[1, 1]], measured: [2, 8]))
    #expect(abs(nearest.factor - 4) < 1e-12)
  }

  /// One measurement is ten times too long. The first source would be nearest if it were right.
  @Test func aSpoiltMeasurementDoesNotDecide() throws {
    let nearest = try #require(
      NearestSource(of: [[1, 2, 3, 5, 12], [1, 2, 3, 4, 5]], measured: [2.02, 3.98, 6.02, 7.98, 100]))
    #expect(nearest.index == 1)
    #expect(abs(nearest.factor - 2) < 0.05)
  }

  @Test func theFirstOfEqualSourcesIsChosen() {
    #expect(NearestSource(of: [[1, 2], [2, 4]], measured: [3, 6])?.index == 0)
    #expect(NearestSource(of: [[7], [3]], measured: [3])?.index == 0)
  }

  @Test func sourcesWithoutPositivePredictionsAreLeftOut() {
    #expect(NearestSource(of: [[0, 1], [1, 3]], measured: [1, 1])?.index == 1)
    #expect(NearestSource(of: [[0, 1], [-1, 3]], measured: [1, 1]) == nil)
  }
}
