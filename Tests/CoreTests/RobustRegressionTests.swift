import Testing

@testable import Core

@Suite struct RobustRegressionTests {
  /// Chains of n nodes take n, but one in ten was measured ten times too fast.
  private var spoiled: Dataset {
    get throws {
      let graphs = try (1...60).map { try chain("\($0)", Array(repeating: Node(.relu), count: $0)) }
      let latencies = (1...60).map { count -> Double in
        let noise = 0.01 * Double(count * 7 % 5 - 2)
        let outlier: Double = count % 10 == 3 ? 0.1 : 1
        return Double(count) * (1 + noise) * outlier
      }
      return try Dataset(device: "d", graphs: graphs, latencies: latencies)
    }
  }

  private func share(_ recipe: LinearRegression) throws -> Double {
    let data = try spoiled
    let fit = try recipe.fit(to: data, split: Split(training: Array(0..<60), validation: [], test: []))
    let sound = data[(0..<60).filter { ($0 + 1) % 10 != 3 }]
    return try fit.predictor.evaluate(on: sound).share(within: 0.1)
  }

  @Test func outliersDoNotSwingIt() throws {
    #expect(try share(LinearRegression()) < 0.5)
    #expect(try share(LinearRegression(huberThreshold: 1.345)) > 0.9)
  }

  /// A factor and an overhead that are fitted to sums of kernels, or to those of a table, aren't swung either.
  @Test func outliersDoNotSwingSums() throws {
    let data = try spoiled
    let split = try Split(training: Array(0..<60), validation: [], test: [])
    let sound = data[(0..<60).filter { ($0 + 1) % 10 != 3 }]
    var kernels = KernelTable()
    try kernels.add(Kernel([Node(.relu)]), 0.5)
    let sum = try KernelSum(kernels, rules: .none, seed: 1).fit(to: data, split: split).predictor
    #expect(abs(sum.factor * 0.5 + sum.overhead - 1) < 0.05)
    #expect(try sum.evaluate(on: sound).share(within: 0.1) == 1)
    let table = try LookupTablePredictor(measured: [Node(.relu): 0.5], device: "d").scaled(on: data)
    #expect(try table.evaluate(on: sound).share(within: 0.1) > 0.9)
    let known = try AdaProxy().pretrain(
      on: LatencyData(
        graphs: sound.graphs, devices: ["known"], measurements: [sound.latencies.map { Measurement(3 * $0) }]))
    let transferred = try known.fit(to: data, split: split).predictor
    #expect(try transferred.evaluate(on: sound).share(within: 0.1) > 0.9)
  }

  /// Without outliers both regressions agree, and settings from older files decode to the same.
  @Test func soundDataAreFittedAsBefore() throws {
    let data = try spoiled
    let sound = data[(0..<60).filter { ($0 + 1) % 10 != 3 }]
    let split = try Split(training: Array(0..<sound.count), validation: [], test: [])
    let plain = try LinearRegression().fit(to: sound, split: split).predictor.predict(sound.graphs)
    let robust = try LinearRegression(huberThreshold: 1.345).fit(to: sound, split: split).predictor.predict(
      sound.graphs)
    #expect(zip(plain, robust).allSatisfy { abs($0 / $1 - 1) < 0.01 })
    #expect(
      try message { _ = try LinearRegression(huberThreshold: 0).fit(to: sound, split: split) }
        == "the threshold is 0.0\n  It must be a positive number; 1.345 is usual.")
  }
}
