import Foundation
import Plot

/// The data of the benchmark's charts.
struct BenchmarkData: Encodable {
  var training: [Double]
  var validation: [Double]
  var measured: [Double]
  var predicted: [[Double]]
  var manyMeasured: [Double]
  var manyPredicted: [Double]
  var groups: [[Double]]
  var cells: [[Double]]
  var names: [String]
  var values: [Double]

  init() {
    var random = Generator(state: 7)
    func losses(_ floor: Double) -> [Double] {
      (0..<300).map { (floor + (1.2 - floor) * exp(-Double($0) / 50)) * exp(0.1 * random.normal()) }
    }
    training = losses(0.03)
    validation = losses(0.04)
    func latencies(_ count: Int) -> [Double] {
      (0..<count).map { _ in 2 + abs(random.normal()) * 0.5 + 0.1 * random.normal() }
    }
    func predictions(_ measured: [Double], spread: Double) -> [Double] {
      measured.map { $0 * (1 + spread * random.normal()) }
    }
    let measured = latencies(600)
    self.measured = measured
    predicted = [0.05, 0.065, 0.09].map { predictions(measured, spread: $0) }
    manyMeasured = latencies(15_625)
    manyPredicted = predictions(manyMeasured, spread: 0.05)
    groups = [0.8, 1.3, 1.9].map { middle in
      (0..<300).map { _ -> Double in middle + 0.2 * exp(0.4 * random.normal()) }
    }
    cells = (0..<6).map { row in
      (0..<8).map { column -> Double in
        let (dy, dx) = (Double(row) - 2, Double(column) - 5)
        return dx * dx + dy * dy
      }
    }
    names = ["shuffled", "stratified", "sequential"]
    values = [0.943, 0.917, 0.822]
  }

  static func million() -> (x: [Double], y: [Double]) {
    var random = Generator(state: 8)
    let x = (0..<1_000_000).map { _ in random.normal() }
    return (x, x.map { 0.3 * $0 * $0 + random.normal() })
  }

  var charts: [(String, () throws -> Chart)] {
    let series = zip(names, predicted).map {
      PredictionSeries(label: $0, measured: measured, predicted: $1, unit: "ms")
    }
    let groups = zip(names, groups).map { Distribution(label: $0, values: $1) }
    return [
      ("loss curves", { Chart.lossCurves([LossCurve(training: training, validation: validation, bestEpoch: 290)]) }),
      ("predicted, 600", { Chart.predictedAgainstMeasured([series[0]]) }),
      (
        "predicted, 15,625",
        {
          Chart.predictedAgainstMeasured([
            PredictionSeries(measured: manyMeasured, predicted: manyPredicted, unit: "ms")
          ])
        }
      ),
      ("histograms", { Chart.relativeErrors(series) }),
      ("cumulative errors", { Chart.cumulativeErrors(series) }),
      ("violins", { Chart.violins(groups, title: "Latency", x: Axis("latency", unit: "ms")) }),
      ("boxes", { Chart.boxes(groups, title: "Latency", x: Axis("latency", unit: "ms")) }),
      (
        "heat map",
        {
          Chart.heatMap(
            rows: (1...6).map(String.init), columns: (1...8).map(String.init), values: cells, title: "Error",
            rowAxis: "layers", columnAxis: "units", amount: Axis("error", format: .integer))
        }
      ),
      ("bars", { Chart.bars(names, values, title: "Mean accuracy", value: Axis(format: .percent(1))) }),
    ]
  }
}

/// Standard normal numbers from SplitMix64 by the Box-Muller transform.
private struct Generator {
  var state: UInt64

  mutating func uniform() -> Double {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return Double((bits ^ (bits >> 31)) >> 11) * 0x1p-53
  }

  mutating func normal() -> Double {
    (-2 * log(1 - uniform())).squareRoot() * cos(2 * .pi * uniform())
  }
}
