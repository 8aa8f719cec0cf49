import Foundation
import Testing

@testable import Plot

@Suite struct QuantilesTests {
  @Test func interpolatesLikeTypeSeven() {
    let quantiles = Quantiles([4, 1, .nan, 3, 2])
    #expect(quantiles(0.25) == 1.75)
    #expect(quantiles.median == 2.5)
    #expect(quantiles.interquartileRange == 1.5)
    #expect(quantiles.share(atMost: 3) == 0.75)
    #expect(quantiles.share(atMost: 0.9) == 0)
    #expect(abs(quantiles.standardDeviation - 1.290_994_448_735_805_6) < 1e-15)
  }

  @Test func ofNothing() {
    #expect(Quantiles([Double.nan]).median == nil)
    #expect(Quantiles([Double]()).share(atMost: 1) == 0)
  }
}

@Suite struct BinsTests {
  @Test func zeroIsAnEdgeAndEveryValueIsCountedOnce() {
    var random = TestGenerator(seed: 3)
    for round in 0..<200 {
      let scale = pow(10, Double.random(in: -6...6, using: &random))
      let count = Int.random(in: 1...400, using: &random)
      let values = (0..<count).map { _ in (random.normal() + Double(round % 5) - 2) * scale }
      let rule: Bins.Rule = round.isMultiple(of: 2) ? .scott : .freedmanDiaconis
      let bins = Bins(values, rule: rule)
      #expect(bins.counts.reduce(0, +) == count)
      #expect(bins.below == 0 && bins.above == 0)
      let width = bins.edges[1] - bins.edges[0]
      for (position, edges) in zip(bins.edges, bins.edges.dropFirst()).enumerated() {
        #expect(abs(edges.1 - edges.0 - width) < 1e-6 * width)
        let isLast = position == bins.counts.count - 1
        let inside = values.filter { $0 >= edges.0 && ($0 < edges.1 || (isLast && $0 == edges.1)) }
        #expect(inside.count == bins.counts[position])
        #expect(edges.0 >= 0 || edges.1 <= 1e-9 * width, "zero is inside \(edges)")
      }
    }
  }

  /// For 1000 standard normal values, the widths are 2 · 1.349 / 10 and 3.49 / 10 before rounding.
  @Test(arguments: [(Bins.Rule.freedmanDiaconis, 0.27), (.scott, 0.349)])
  func widthsOfTheRules(rule: Bins.Rule, expected: Double) {
    var random = TestGenerator(seed: 1)
    let quantiles = Quantiles((0..<1000).map { _ in random.normal() })
    #expect(abs(Bins.width(quantiles, rule: rule) / expected - 1) < 0.08)
  }

  @Test func valuesOutsideTheRangeAreTold() {
    let bins = Bins([-5, 0.1, 0.2, 0.3, 0.7, 9], range: 0...1)
    #expect(bins.below == 1 && bins.above == 1 && bins.counts.reduce(0, +) == 4)
  }

  @Test(arguments: [[], [2, 2, 2], [0], [.nan], [1e300, -1e300]])
  func extremeInputs(values: [Double]) {
    let bins = Bins(values)
    #expect(bins.counts.reduce(0, +) == values.filter(\.isFinite).count)
    #expect(bins.edges.count == bins.counts.count + 1)
    #expect(bins.counts.count <= 202)
  }
}

@Suite struct MovingAverageTests {
  @Test func constantsStayConstant() {
    for average in [movingAverage([2, 2, 2, 2], weight: 0.9), centeredMovingAverage([2, 2, 2, 2], weight: 0.9)] {
      #expect(average.allSatisfy { abs($0 - 2) < 1e-12 })
    }
  }

  @Test func isDebiased() {
    // For two values: (0.5 · 0.5 · 4 + 0.5 · 8) / 0.75.
    let average = movingAverage([4, 8], weight: 0.5)
    #expect(average[0] == 4)
    #expect(abs(average[1] - 20.0 / 3) < 1e-12)
  }

  @Test func gapsStayGaps() {
    let average = movingAverage([1, .nan, 1], weight: 0.5)
    #expect(average[0] == 1 && average[1].isNaN && average[2] == 1)
  }

  @Test func centeredDoesNotLag() {
    let ramp = (0..<100).map(Double.init)
    #expect(abs(centeredMovingAverage(ramp, weight: 0.8)[50] - 50) < 1e-3)
    #expect(movingAverage(ramp, weight: 0.8)[50] < 47)
  }
}

@Suite struct CumulativeCurveTests {
  @Test func risesOncePerDifferentValue() {
    let curve = CumulativeCurve([0.2, 0.1, 0.2, .nan, 0.4])
    #expect(curve.x == [0, 0.1, 0.1, 0.2, 0.2, 0.4, 0.4])
    #expect(curve.share == [0, 0, 0.25, 0.25, 0.75, 0.75, 1])
  }

  @Test func endsWhereAsked() {
    let curve = CumulativeCurve([0.1, 0.2, 0.4], from: 0.15, to: 0.3)
    #expect(curve.x == [0.15, 0.2, 0.2, 0.3])
    #expect(zip(curve.share, [1.0, 1, 2, 2]).allSatisfy { abs($0 - $1 / 3) < 1e-12 })
  }

  @Test func ofNothing() {
    #expect(CumulativeCurve([]).x == [0])
  }
}

@Suite struct LineSimplificationTests {
  @Test func staysWithinTheToleranceAndKeepsExtremes() {
    var random = TestGenerator(seed: 8)
    let points = (0..<800).map { Point(x: Double($0) * 0.7, y: 100 + 40 * sin(Double($0) / 40) + random.normal()) }
    let simplified = LineSimplification.simplified(points, tolerance: 0.5)
    #expect(simplified.count < points.count && simplified.count > 20)
    #expect(simplified.first == points.first && simplified.last == points.last)
    var segment = 0
    for point in points {
      while simplified[segment + 1].x < point.x { segment += 1 }
      let (a, b) = (simplified[segment], simplified[segment + 1])
      let length = ((b.x - a.x) * (b.x - a.x) + (b.y - a.y) * (b.y - a.y)).squareRoot()
      let distance = abs((b.x - a.x) * (a.y - point.y) - (a.x - point.x) * (b.y - a.y)) / length
      #expect(distance <= 0.5 + 1e-9)
    }
  }

  @Test func aMillionPointsBecomeAFewThousandWithTheSameExtremes() {
    var random = TestGenerator(seed: 2)
    var points = (0..<1_000_000).map { Point(x: Double($0) / 2000, y: random.uniform() * 100) }
    points[123_456].y = 500
    let simplified = LineSimplification.simplified(points, tolerance: 0.15)
    #expect(simplified.count <= 4 * 1002)
    #expect(simplified.map(\.y).max() == 500)
  }
}

@Suite struct PointAggregationTests {
  @Test func fewPointsStay() {
    let points = (0..<2000).map { Point(x: Double($0), y: 1) }
    #expect(PointAggregation.groups(points, opacity: 0.5) == [.init(points: points, opacity: 0.5)])
  }

  @Test func manyPointsInOnePlaceBecomeOneOpaquePoint() {
    let groups = PointAggregation.groups(Array(repeating: Point(x: 3, y: 3), count: 5000), opacity: 0.3)
    #expect(groups == [.init(points: [Point(x: 3.5, y: 3.5)], opacity: 1)])
  }
}
