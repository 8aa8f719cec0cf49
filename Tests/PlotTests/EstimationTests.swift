import Foundation
import Testing

@testable import Plot

@Suite struct KernelDensityTests {
  /// Compares with the definition, value by value.
  @Test func isTheMeanOfNormalDensities() {
    var random = TestGenerator(seed: 6)
    let values = (0..<80).map { _ in random.normal() }
    let curve = KernelDensity(values, bandwidth: 0.4)
    for (x, density) in zip(curve.x, curve.density) {
      let exact = values.reduce(0) { sum, value in
        let distance = (x - value) / 0.4
        return sum + exp(-0.5 * distance * distance) / (0.4 * (2 * .pi).squareRoot() * 80)
      }
      #expect(abs(density - exact) < 2e-3)
    }
  }

  @Test func theAreaBelowIsOne() {
    var random = TestGenerator(seed: 7)
    for count in [1, 2, 10, 1000] {
      for scale in [1e-6, 1, 1e6] {
        let curve = KernelDensity((0..<count).map { _ in scale * random.normal() })
        let step = curve.x[1] - curve.x[0]
        #expect(abs(curve.density.reduce(0, +) * step - 1) < 0.01, "\(count) values of \(scale)")
      }
    }
  }

  /// The bandwidth is 0.9 · 1 · 1000^(-1/5) for standard normal values.
  @Test func bandwidthIsSilvermans() {
    var random = TestGenerator(seed: 1)
    #expect(abs(KernelDensity((0..<1000).map { _ in random.normal() }).bandwidth / 0.2261 - 1) < 0.08)
  }

  @Test(arguments: [[], [.nan], [3, 3, 3], [0, 0]] as [[Double]]) func extremeInputs(values: [Double]) {
    let curve = KernelDensity(values)
    #expect(curve.x.count == curve.density.count)
    #expect(curve.density.allSatisfy { $0.isFinite && $0 >= 0 })
  }
}

@Suite struct DensityGridTests {
  @Test func everyPointIsCountedInItsCell() {
    var random = TestGenerator(seed: 12)
    for isLogarithmic in [false, true] {
      let x = (0..<3000).map { _ in exp(random.normal()) }
      let y = (0..<3000).map { _ in random.normal() }
      let grid = DensityGrid(x: x, y: y, columns: 20, rows: 10, isLogarithmic: (isLogarithmic, false))
      #expect(grid.counts.reduce(0, +) == 3000)
      for cell in grid.counts.indices {
        let slack = 1e-9
        let inside = x.indices.count {
          x[$0] >= grid.left[cell] - slack && x[$0] <= grid.right[cell] + slack && y[$0] >= grid.bottom[cell] - slack
            && y[$0] <= grid.top[cell] + slack
        }
        #expect(inside >= grid.counts[cell] && inside <= grid.counts[cell] + 2)
      }
    }
  }

  @Test func pointsWithoutPlaceAreLeftOut() {
    let grid = DensityGrid(x: [1, .nan, 0, 10], y: [1, 1, 1, 1], isLogarithmic: (true, false))
    #expect(grid.counts.reduce(0, +) == 2)
    #expect(DensityGrid(x: [], y: []).counts.isEmpty)
  }

  @Test func aMillionPointsAreAFewThousandCells() throws {
    var random = TestGenerator(seed: 30)
    func normal() -> [Double] { (0..<1_000_000).map { _ in random.normal() } }
    let chart = Chart.scatter(x: normal(), y: normal())
    #expect(try JSONEncoder().encode(chart).count < 300_000)
    #expect(try chart.svg().utf8.count < 64_000)
    #expect(chart.description().hasPrefix("1,000,000 points, at most "))
  }
}

@Suite struct LocalFitTests {
  @Test func aLineIsFittedExactly() {
    let x = [0.0, 1, 1.5, 4, 5, 7, 7.5, 9]
    let fit = LocalFit(x: x, y: x.map { 3 - 2 * $0 })
    #expect(zip(fit.x, fit.y).allSatisfy { abs($1 - (3 - 2 * $0)) < 1e-9 })
    #expect(fit.x.first == 0 && fit.x.last == 9)
  }

  @Test func outliersLoseTheirWeight() throws {
    let x = (0..<100).map(Double.init)
    var y = x.map { sin($0 / 20) }
    y[50] = 100
    let robust = LocalFit(x: x, y: y, span: 0.3)
    let plain = LocalFit(x: x, y: y, span: 0.3, rounds: 0)
    func furthest(_ fit: LocalFit) -> Double { zip(fit.x, fit.y).map { abs($1 - sin($0 / 20)) }.max() ?? .nan }
    #expect(furthest(robust) < 0.1)
    #expect(furthest(plain) > 1)
  }

  @Test func ofNothingOrOnePlace() {
    #expect(LocalFit(x: [], y: []).x.isEmpty)
    #expect(LocalFit(x: [1, .nan], y: [2, 3]).y == [2])
    #expect(LocalFit(x: [1, 1, 1], y: [1, 2, 3]).y.allSatisfy { $0.isFinite })
  }
}

@Suite struct EstimateTests {
  /// The expected values are from tables of Student's t-distribution.
  @Test(arguments: [
    (0.95, 1, 12.7062), (0.95, 2, 4.3027), (0.95, 4, 2.7764), (0.95, 9, 2.2622), (0.99, 5, 4.0321), (0.9, 30, 1.6973),
    (0.95, 1000, 1.9623),
  ])
  func quantilesOfStudent(confidence: Double, freedom: Int, expected: Double) {
    #expect(abs(Estimate.studentQuantile(confidence: confidence, freedom: freedom) - expected) < 1e-4)
  }

  @Test func meanWithItsInterval() {
    let estimate = Estimate.mean(of: [2, 4, 6, .nan])
    // s = 2 and n = 3 give 4.3027 · 2 / √3.
    #expect(estimate.value == 4)
    #expect(abs(estimate.high - 4 - 4.96825) < 1e-4 && abs(4 - estimate.low - 4.96825) < 1e-4)
    #expect(Estimate.mean(of: [3]) == Estimate(3, low: 3, high: 3))
    #expect(Estimate.mean(of: []).value.isNaN)
  }

  @Test func medianWithItsQuartiles() {
    #expect(Estimate.median(of: [1, 2, 3, 4, 5]) == Estimate(3, low: 2, high: 4))
    #expect(Estimate.median(of: [1, 2, 3, 4, 5], share: 1) == Estimate(3, low: 1, high: 5))
  }

  @Test(arguments: [
    ([1e-4, 1e-3, 1e-2, 1e-1], true), ([16, 32, 64, 128], true), ([1, 2, 3, 4, 5, 6, 7, 8], false), ([1, 10], false),
    ([0, 1, 10, 100], false), ([10, 20, 30, 40], false),
  ])
  func factorsAreToldFromSteps(values: [Double], expected: Bool) {
    #expect(Chart.growsByFactors(values) == expected)
  }
}

@Suite struct AmountColorTests {
  @Test func viridisGrowsLighter() {
    let luminances = (0...100).map { RGB.viridis(Double($0) / 100).luminance }
    #expect(zip(luminances, luminances.dropFirst()).allSatisfy { $0 < $1 })
    #expect(RGB.viridis(0) == RGB(0x440154) && RGB.viridis(1) == RGB(0xFDE725) && RGB.viridis(.nan) == RGB(0x440154))
  }

  @Test(arguments: [Theme.light, .dark]) func textOnAmountsIsReadable(theme: Theme) {
    for level in 0..<Theme.amountCount {
      #expect(theme[.onAmount(level)].contrast(to: theme[.amount(level)]) >= 4.5)
    }
    let end = theme.name == "light" ? theme.amounts.last : theme.amounts.first
    #expect(end.map { $0.contrast(to: theme.paper) >= 1.2 } == true)
  }

  @Test func levelsFollowTheScale() {
    let axis = ResolvedAxis(Axis(scale: .logarithmic, extent: .tight), data: 1...1000, count: 5)
    let levels = AmountLevels(axis: axis)
    #expect(levels.level(of: 1) == 0 && levels.level(of: 1000) == Theme.amountCount - 1)
    #expect(levels.level(of: 31.7) == Theme.amountCount / 2)
    #expect(levels.level(of: 0) == nil && levels.level(of: .nan) == nil)
  }
}
