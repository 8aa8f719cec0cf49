import Foundation
import Plot
import Testing

/// Charts that several tests draw, from numbers that depend only on a seed.
enum SampleCharts {
  /// Losses that fall from `start` towards `floor`, with noise in proportion to them.
  static func losses(epochs: Int, start: Double, floor: Double, noise: Double, seed: UInt64) -> [Double] {
    var random = TestGenerator(seed: seed)
    return (0..<epochs).map { epoch in
      let fall = exp(-6 * Double(epoch) / Double(epochs))
      return (floor + (start - floor) * fall) * exp(noise * random.normal())
    }
  }

  static func curve(_ label: String, epochs: Int = 300, floor: Double, seed: UInt64) -> LossCurve {
    let validation = losses(epochs: epochs, start: 1.1, floor: floor * 1.3, noise: 0.12, seed: seed + 100)
    let best = (validation.indices.min { validation[$0] < validation[$1] } ?? 0) + 1
    return LossCurve(
      label: label, training: losses(epochs: epochs, start: 1.2, floor: floor, noise: 0.08, seed: seed),
      validation: validation, bestEpoch: best)
  }

  static func predictions(_ label: String, spread: Double, bias: Double = 0, count: Int = 150, seed: UInt64)
    -> PredictionSeries
  {
    var random = TestGenerator(seed: seed)
    let measured = (0..<count).map { _ in 0.8 + 2.4 * random.uniform() * random.uniform() + random.uniform() }
    let predicted = measured.map { $0 * (1 + bias + spread * random.normal()) }
    return PredictionSeries(label: label, measured: measured, predicted: predicted, unit: "ms")
  }

  static func named(_ name: String) throws -> Chart {
    try #require(all.first { $0.name == name }).chart
  }

  static var all: [(name: String, chart: Chart)] {
    let settings = [
      ("50 轮 lr 0.01", 50, 0.2), ("50 轮 lr 0.001", 50, 0.08), ("100 轮 lr 0.01", 100, 0.15),
      ("250 轮 lr 0.001", 250, 0.05),
      ("250 轮 lr 0.0001", 250, 0.03), ("250 轮 lr 0.00001", 250, 0.09), ("250 轮 lr 0.000001", 250, 0.5),
      ("500 轮 lr 0.0001", 500, 0.028),
    ]
    let three = [
      predictions("shuffled", spread: 0.05, seed: 1), predictions("stratified", spread: 0.065, seed: 2),
      predictions("sequential", spread: 0.09, bias: -0.06, seed: 3),
    ]
    let chinese = [
      predictions("随机划分", spread: 0.05, seed: 1), predictions("顺序划分", spread: 0.09, bias: -0.08, seed: 3),
    ]
    return [
      ("loss-one-run", .lossCurves([curve("lr 0.001", floor: 0.03, seed: 7)])),
      (
        "loss-three-runs",
        .lossCurves([
          curve("lr 0.01", floor: 0.06, seed: 1), curve("lr 0.001", floor: 0.03, seed: 2),
          curve("lr 0.0001", floor: 0.035, seed: 3),
        ])
      ),
      (
        "loss-eight-runs",
        .lossCurves(settings.enumerated().map { curve($1.0, epochs: $1.1, floor: $1.2, seed: UInt64($0)) })
      ),
      ("errors-one", .relativeErrors([three[0]])),
      ("errors-two", .relativeErrors(chinese)),
      ("cumulative-three", .cumulativeErrors(three)),
      ("cumulative-two", .cumulativeErrors(chinese)),
      ("predicted-one", .predictedAgainstMeasured([predictions("", spread: 0.06, count: 600, seed: 5)])),
      ("predicted-two", .predictedAgainstMeasured(chinese)),
      ("predicted-three", .predictedAgainstMeasured(three)),
      (
        "bars",
        .bars(
          ["随机划分", "按剪枝层数分层", "顺序划分（前四分之三）"], [0.943, 0.917, 0.822], title: "平均精度",
          value: Axis(format: .percent(1)))
      ),
      (
        "lines",
        .lines(
          [
            Series(label: "epyc", x: (1...40).map(Double.init), y: (1...40).map { 2 + sqrt(Double($0)) }),
            Series(label: "xeon", x: (1...40).map(Double.init), y: (1...40).map { 1.9 + 1.05 * sqrt(Double($0)) }),
            Series(label: "pi", x: (1...40).map(Double.init), y: (1...40).map { 2 + 0.3 * Double($0) }),
          ], title: "Latency by pruned units", x: Axis("pruned units", isWhole: true), y: Axis("latency", unit: "ms"))
      ),
      (
        "scatter",
        .scatter(
          [
            Series(label: "train", x: three[0].measured, y: three[0].predicted),
            Series(label: "test", x: three[2].measured, y: three[2].predicted),
          ], title: "A scatter plot", x: Axis("FLOPs", unit: "G"), y: Axis("latency", unit: "ms"))
      ),
      ("histogram", .histogram(three[0].measured, title: "Latencies", x: Axis("latency", unit: "ms"))),
    ]
  }
}
