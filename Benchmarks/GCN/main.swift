// Trains a GCN on NAS-Bench-201 cells, or predicts with it, and prints the speed as one JSON line; see
// Benchmarks/gcn.py.

internal import COpenBLAS
import Core
import Foundation

/// The numbers in arguments of the form `--name value`.
struct Arguments {
  private var values: [String: String] = [:]
  private(set) var flags: Set<String> = []

  init(_ arguments: [String]) {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if let next = rest.first, !next.hasPrefix("--") {
        values[argument] = rest.removeFirst()
      } else {
        flags.insert(argument)
      }
    }
  }

  func number(_ name: String, _ preset: Double) -> Double { values["--\(name)"].flatMap(Double.init) ?? preset }
  func count(_ name: String, _ preset: Int) -> Int { Int(number(name, Double(preset))) }
}

func seconds(_ body: () throws -> Void) rethrows -> Double {
  let start = ContinuousClock.now
  try body()
  return start.duration(to: .now) / .seconds(1)
}

/// The highest of several rates at which OpenBLAS multiplies large matrices, in GFLOP/s.
func matrixProductPeak(threads: Int) -> Double {
  let size = 1536
  openblas_load().pointee.set_num_threads(Int32(threads))
  defer { openblas_load().pointee.set_num_threads(1) }
  let left = [Float](repeating: 1, count: size * size)
  let right = left
  var result = left
  let times = (0..<5).map { _ in
    seconds {
      let extent = blasint(size)
      openblas_load().pointee.sgemm(
        CblasRowMajor, CblasNoTrans, CblasNoTrans, extent, extent, extent, 1, left, extent, right, extent, 0, &result,
        extent)
    }
  }
  return 2 * Double(size * size * size) / (times.min() ?? 1) / 1e9
}

/// NAS-Bench-201 cells with random indices, drawn without repetition until all are used.
func cells(_ count: Int) throws -> Dataset {
  var random = SeededGenerator(seed: 0)
  let operations = ["none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3"]
  let order = (0..<15625).shuffled(using: &random)
  let graphs = try (0..<count).map { index in
    var rest = order[index % order.count]
    let names = (0..<6).map { _ in
      defer { rest /= 5 }
      return operations[rest % 5]
    }
    let text = "|\(names[0])~0|+|\(names[1])~0|\(names[2])~1|+|\(names[3])~0|\(names[4])~1|\(names[5])~2|"
    return try NASBench201.Cell(text).graph(id: "\(index)", .pruned)
  }
  return try Dataset(device: "none", graphs: graphs, latencies: graphs.map { _ in 0.01 + random.uniform() })
}

/// Graphs of eight nodes, nine with the global node, with random operations and edges. Hardly two are alike.
func differentGraphs(_ count: Int) throws -> Dataset {
  var random = SeededGenerator(seed: 0)
  let operations = [NetworkOperation.cellConvolution1x1, .cellConvolution3x3, .cellAveragePool3x3]
  let graphs = try (0..<count).map { index in
    let inner = (0..<6).map { _ in Node(operations[Int.random(in: 0..<3, using: &random)]) }
    var edges: [Edge] = []
    for source in 0..<8 {
      for target in source + 1..<8 where target == source + 1 || random.uniform() < 0.4 {
        edges.append(Edge(source, target))
      }
    }
    return try NetworkGraph(id: "\(index)", nodes: [Node(.input)] + inner + [Node(.output)], edges: edges)
  }
  return try Dataset(device: "none", graphs: graphs, latencies: graphs.map { _ in 0.01 + random.uniform() })
}

let arguments = Arguments(Array(CommandLine.arguments.dropFirst()))
if arguments.flags.contains("--peak") {
  let peer = openblas_load().pointee.get_corename().map { String(cString: $0) } ?? "unknown"
  let rates = [1, 2].map { "\"peak\($0)\": \(matrixProductPeak(threads: $0))" }
  print("{\"kernels\": \"\(peer)\", \(rates.joined(separator: ", "))}")
  exit(0)
}
let samples = arguments.count("samples", 900)
TrainingContext.process.threads = arguments.count("threads", 1)
let data = try arguments.flags.contains("--different") ? differentGraphs(samples) : cells(samples)
let configuration = GCN.Configuration(
  layers: 4, hiddenUnits: arguments.count("hidden", 600), dropout: arguments.number("dropout", 0))
let times: [Double]
var loss = 0.0
if arguments.flags.contains("--predict") {
  let encoding = GraphEncoding.brpNASBench201
  let graphs = try encoding.encode(data.graphs)
  let network = try GCN(configuration, featureCount: encoding.featureCount, seed: 0)
  times = try (0...arguments.count("epochs", 3)).map { _ in
    try seconds { loss = Double(try network.outputs(for: graphs).reduce(0, +)) }
  }
} else {
  let run = try train(
    configuration, on: data, split: Split(training: Array(0..<samples), validation: [], test: []),
    encoding: .brpNASBench201,
    options: TrainingOptions(
      epochs: 1 + arguments.count("epochs", 3), batchSize: arguments.count("batch", 10), learningRate: 4e-4,
      schedule: .constant, optimizer: .adamW(weightDecay: 5e-4), loss: .absolute, targetScaling: .linear))
  times = run.history.map(\.seconds)
  loss = run.curve[run.curve.count - 1].trainingLoss
}
// The first round warms up caches and allocates memory.
let rounds = times.dropFirst().sorted()
print(
  "{\"median\": \(Double(samples) / rounds[rounds.count / 2]), \"best\": \(Double(samples) / rounds[0]), \"loss\": "
    + "\(loss)}"
)
