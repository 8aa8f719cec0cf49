import Foundation
import Plot

// Measures the milliseconds for composing and drawing charts as PNG at double scale: the median of several rounds
// after one warm-up round.
//
// ChartsBenchmark DATA RESULTS
//
// writes the charts' data and the measurements as JSON. charts_matplotlib.py draws the same data and compares the
// times.

let data = BenchmarkData()
let rounds = 11
let clock = ContinuousClock()

var results: [String: Measurement] = [:]
for (name, make) in data.charts {
  let chart = try make()
  var times: [Double] = []
  var picture = Data()
  for _ in 0...rounds {
    let duration = try clock.measure { picture = try make().png(scale: 2) }
    times.append(duration / .milliseconds(1))
  }
  let vector = try clock.measure { _ = try chart.svg() }
  results[name] = Measurement(
    milliseconds: times.dropFirst().sorted()[rounds / 2], bytes: picture.count,
    svgMilliseconds: vector / .milliseconds(1))
}
for (name, _) in data.charts {
  guard let result = results[name] else { continue }
  let columns = [
    NumberFormat.decimals(1).text(result.milliseconds) + " ms", "\(result.bytes / 1024) KB",
    "SVG " + NumberFormat.decimals(1).text(result.svgMilliseconds) + " ms",
  ]
  print(name.padding(toLength: 24, withPad: " ", startingAt: 0), columns.joined(separator: "  "))
}
// The time covers the whole way from a million values in memory to the file; nothing is prepared.
let million = BenchmarkData.million()
for (name, make) in [
  ("a million points", { Chart.scatter(x: million.x, y: million.y) }),
  ("a line of a million", { Chart.line(x: million.x.indices.map(Double.init), y: million.y) }),
] {
  var picture = Data()
  let duration = try clock.measure { picture = try make().png(scale: 2) }
  print(
    name.padding(toLength: 24, withPad: " ", startingAt: 0),
    NumberFormat.decimals(0).text(duration / .milliseconds(1)) + " ms", " \(picture.count / 1024) KB")
}
if CommandLine.arguments.count > 2 {
  let encoder = JSONEncoder()
  encoder.outputFormatting = .sortedKeys
  try encoder.encode(data).write(to: URL(filePath: CommandLine.arguments[1]))
  try encoder.encode(results).write(to: URL(filePath: CommandLine.arguments[2]))
}

struct Measurement: Codable {
  var milliseconds: Double
  var bytes: Int
  var svgMilliseconds: Double
}
