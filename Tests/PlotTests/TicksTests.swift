import Foundation
import Testing

@testable import Plot

@Suite struct LinearTicksTests {
  @Test(arguments: [
    (0.0, 1.0, 5, [0, 0.25, 0.5, 0.75, 1]),
    (0, 100, 5, [0, 25, 50, 75, 100]),
    (1, 300, 6, [50, 100, 150, 200, 250, 300]),
    (-0.15, 0.15, 7, [-0.15, -0.1, -0.05, 0, 0.05, 0.1, 0.15]),
    (8.1, 14.1, 4, [10, 12, 14]),
    (1_000_000, 1_000_004, 5, [1_000_000, 1_000_001, 1_000_002, 1_000_003, 1_000_004]),
  ])
  func insideTheRange(low: Double, high: Double, count: Int, expected: [Double]) {
    #expect(LinearTicks(from: low, to: high, count: count, coverage: .inside).values == expected)
  }

  @Test(arguments: [
    (0.0, 97.0, 5, [0, 25, 50, 75, 100]),
    (0.2, 3.4, 5, [0, 1, 2, 3, 4]),
    (0, 33, 3, [0, 20, 40]),
    (-3.2, 7.9, 5, [-4, -2, 0, 2, 4, 6, 8]),
  ])
  func aroundTheRange(low: Double, high: Double, count: Int, expected: [Double]) {
    #expect(LinearTicks(from: low, to: high, count: count, coverage: .around).values == expected)
  }

  @Test func wholeNumbersOnly() {
    #expect(LinearTicks(from: 1, to: 3, count: 6, coverage: .inside, isWhole: true).values == [1, 2, 3])
    #expect(LinearTicks(from: 0.2, to: 0.8, count: 6, coverage: .inside, isWhole: true).values == [])
  }

  /// For any range, ticks are evenly spaced, round, ascending, inside or around the range as requested, and about as
  /// many as wanted.
  @Test func propertiesOfRandomRanges() throws {
    var random = TestGenerator(seed: 11)
    for _ in 0..<400 {
      let low = (random.uniform() - 0.5) * pow(10, Double.random(in: -4...6, using: &random))
      let high = low + abs(low) * random.uniform() * 3 + pow(10, Double.random(in: -4...4, using: &random))
      let count = Int.random(in: 3...9, using: &random)
      let inside = LinearTicks(from: low, to: high, count: count, coverage: .inside)
      let around = LinearTicks(from: low, to: high, count: count, coverage: .around)
      let tolerance = 1e-9 * (high - low)
      #expect(inside.values.allSatisfy { $0 >= low - tolerance && $0 <= high + tolerance })
      #expect(try #require(around.values.first) <= low + tolerance)
      #expect(try #require(around.values.last) >= high - tolerance)
      for (ticks, most) in [(inside, 2 * count + 1), (around, 3 * count)] {
        #expect((2...most).contains(ticks.values.count), "\(low)...\(high), \(count): \(ticks.values)")
        for (first, second) in zip(ticks.values, ticks.values.dropFirst()) {
          #expect(abs(second - first - ticks.step) < 1e-6 * ticks.step)
        }
        let mantissa = ticks.step / pow(10, floor(log10(ticks.step)))
        let isRound = (1...40).contains { abs(mantissa * 4 - Double($0)) < 1e-6 }
        #expect(isRound, "step \(ticks.step)")
      }
    }
  }

  @Test func oneValueHasOneTick() {
    #expect(LinearTicks(from: 3, to: 3, count: 5, coverage: .inside).values == [3])
  }
}

@Suite struct LogarithmicTicksTests {
  @Test(arguments: [
    (0.001, 10.0, 5, [0.001, 0.01, 0.1, 1, 10]),
    (0.026, 1.5, 5, [0.03, 0.1, 0.3, 1]),
    (2, 30, 5, [3, 10, 30]),
    (15, 90, 5, [20, 50]),
    (1e-12, 1, 5, [1e-12, 1e-9, 1e-6, 1e-3, 1]),
  ])
  func values(low: Double, high: Double, count: Int, expected: [Double]) {
    let ticks = LogarithmicTicks(from: low, to: high, count: count).values
    if expected.count >= 3 {
      #expect(ticks == expected)
    } else {
      // If there are too few round ticks of any kind, the ticks are evenly spaced.
      #expect(ticks.count >= 3 && ticks.allSatisfy { $0 >= low && $0 <= high })
    }
  }

  @Test func randomRangesHaveAscendingTicksInside() {
    var random = TestGenerator(seed: 5)
    for _ in 0..<300 {
      let low = pow(10, Double.random(in: -9...5, using: &random))
      let high = low * pow(10, Double.random(in: 0.3...9, using: &random))
      let ticks = LogarithmicTicks(from: low, to: high, count: 5).values
      #expect(ticks.count >= 2, "\(low)...\(high): \(ticks)")
      #expect(ticks.allSatisfy { $0 >= low * 0.999_999 && $0 <= high * 1.000_001 })
      #expect(zip(ticks, ticks.dropFirst()).allSatisfy { $0 < $1 })
    }
  }
}

@Suite struct TickLabelsTests {
  @Test(arguments: [
    ([0, 0.25, 0.5], NumberFormat.automatic, ["0.00", "0.25", "0.50"]),
    ([0, 5000, 10000], .automatic, ["0", "5000", "10,000"]),
    ([-0.1, 0, 0.1], .percent(1), ["−10%", "0%", "10%"]),
    ([0, 0.005, 0.01], .percent(0), ["0.0%", "0.5%", "1.0%"]),
    ([0, 2e7], .automatic, ["0", "2×10⁷"]),
  ])
  func linear(values: [Double], format: NumberFormat, expected: [String]) {
    let labels = TickLabels.linear(values, step: values[1] - values[0], format: format)
    #expect(labels.map { $0.text(in: .english) } == expected)
  }

  @Test(arguments: [
    ([0.03, 0.1, 1], ["0.03", "0.1", "1"]),
    ([1e-6, 1e-3, 1], ["10⁻⁶", "10⁻³", "10⁰"]),
    ([3e-6, 1e-5], ["3×10⁻⁶", "10⁻⁵"]),
    ([100, 1000, 10000], ["100", "1000", "10,000"]),
  ])
  func logarithmic(values: [Double], expected: [String]) {
    #expect(TickLabels.logarithmic(values, format: .automatic).map { $0.text(in: .english) } == expected)
  }
}

@Suite struct NumberFormatTests {
  @Test(arguments: [
    (NumberFormat.integer, 1234.5, "1234"), (.integer, -0.4, "0"), (.integer, 1_234_567, "1,234,567"),
    (.decimals(2), -0.5, "−0.50"), (.decimals(4), 0.315224, "0.3152"), (.percent(1), 0.8731, "87.3%"),
    (.significant(3), 9.996, "10.0"), (.significant(3), 0.0302, "0.0302"), (.significant(3), 2e-7, "2.00×10⁻⁷"),
    (.significant(2), 123_456_789, "1.2×10⁸"), (.significant(3), 0, "0.00"), (.automatic, 0.5, "0.5"),
    (.automatic, 12345.678, "12,346"), (.automatic, .nan, "NaN"), (.automatic, -.infinity, "−∞"),
  ])
  func text(format: NumberFormat, value: Double, expected: String) {
    #expect(format.text(value) == expected)
  }
}
