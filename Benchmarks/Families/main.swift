// Trains one family of predictors, predicts with it, and prints the speed as one JSON line; see
// Benchmarks/families.py.

import Core
import Foundation
import Numerics

/// The value of the argument `--name`, or `preset` without it.
func argument(_ name: String, _ preset: String) -> String {
  let arguments = CommandLine.arguments
  guard let index = arguments.firstIndex(of: "--\(name)"), index + 1 < arguments.count else { return preset }
  return arguments[index + 1]
}

func seconds(_ work: () throws -> Void) rethrows -> Double {
  let start = ContinuousClock.now
  try work()
  return start.duration(to: .now) / .seconds(1)
}

/// Random cells in which all six edges have an operation, so each has eight nodes.
func cells(_ count: Int) throws -> [NetworkGraph] {
  var random = SeededGenerator(seed: 1)
  return try (0..<count).map { number in
    let operations = (0..<6).map { _ in NASBench201.operations[Int.random(in: 0..<5, using: &random)] }
    return try NASBench201.Cell(operations: operations).graph(id: "\(number)", .unpruned)
  }
}

/// The speed in networks per second, of training (whole epochs of the recipe's own training) and of predicting 15,284
/// cells.
func rates<Method: GraphNetworkRecipe>(_ recipe: Method) throws -> (training: Double, predicting: Double) {
  let graphs = try cells(900)
  var random = SeededGenerator(seed: 2)
  let data = try Dataset(device: "d", graphs: graphs, latencies: graphs.map { _ in 1 + random.uniform() })
  let split = try Split(training: Array(0..<900), validation: [], test: [])
  var short = recipe
  // The first epoch is warm-up.
  func time(_ epochs: Int) throws -> (Double, Method.Predictor) {
    short.options.epochs = epochs
    let fit = try short.fit(to: data, split: split)
    return (fit.curve.dropFirst().map(\.seconds).sorted()[(epochs - 1) / 2], fit.predictor)
  }
  let (epoch, predictor) = try time(6)
  let many = try cells(15284)
  _ = try predictor.predict(graphs)
  let predicting = try seconds { _ = try predictor.predict(many) }
  return (900 / epoch, Double(many.count) / predicting)
}

/// The speed of HELP: its pretraining in episodes per second, with four devices and 64 networks each, and its
/// predicting in networks per second.
func helpRates(secondOrder: Bool) throws -> (training: Double, predicting: Double) {
  let graphs = try cells(900)
  var random = SeededGenerator(seed: 2)
  let devices = (0..<9).map { Device("device \($0)") }
  let data = try LatencyData(
    graphs: graphs, devices: devices,
    measurements: devices.map { _ in graphs.map { _ in Measurement(1 + random.uniform()) } })
  var recipe = HELP(secondOrder: secondOrder, episodes: 5, seed: 1)
  _ = try recipe.pretrain(on: data)
  recipe.episodes = 40
  var known = recipe
  let training = try seconds { known = try recipe.pretrain(on: data) }
  let ids = Set(known.referenceIDs)
  let places = graphs.indices.filter { ids.contains(graphs[$0].id) }
  let fit = try known.fit(
    to: Dataset(device: "new", graphs: graphs, latencies: graphs.map { _ in 1 + random.uniform() }),
    split: Split(training: places, validation: [], test: []))
  let many = try cells(15284)
  _ = try fit.predictor.predict(graphs)
  return (40 / training, try Double(many.count) / seconds { _ = try fit.predictor.predict(many) })
}

/// The speed of trees in networks per second, of training on 900 cells and of predicting 15,284 others, and the mean
/// relative error of these predictions. The cells and their latencies are written to a table, which other programs
/// can learn from.
func treeRates(_ recipe: some Recipe, table: String) throws -> (training: Double, predicting: Double, error: Double) {
  var random = SeededGenerator(seed: 3)
  let prices = (0..<30).map { _ in random.uniform() }
  let names = NASBench201.operations
  let drawn = (0..<900 + 15284).map { _ in (0..<6).map { _ in Int.random(in: 0..<5, using: &random) } }
  let graphs = try drawn.enumerated().map { number, operations in
    try NASBench201.Cell(operations: operations.map { names[$0] }).graph(id: "\(number)", .unpruned)
  }
  let latencies = drawn.map { operations -> Double in
    var sum = 2.0
    for (edge, operation) in operations.enumerated() { sum += prices[5 * edge + operation] }
    // Some pairs of operations cost more together, and measurements aren't exact.
    if operations[0] == operations[5] { sum *= 1.1 }
    return sum * (0.98 + 0.04 * random.uniform())
  }
  if !table.isEmpty {
    let lines = zip(drawn, latencies).map { (($0.map(String.init)) + ["\($1)"]).joined(separator: ",") }
    try (lines.joined(separator: "\n") + "\n").write(toFile: table, atomically: true, encoding: .utf8)
  }
  let data = try Dataset(device: "d", graphs: graphs, latencies: latencies)
  let split = try Split(training: Array(0..<900), validation: [], test: Array(900..<graphs.count))
  _ = try recipe.fit(to: data, split: split)
  var predictor = try recipe.fit(to: data, split: split).predictor
  let training = try seconds { predictor = try recipe.fit(to: data, split: split).predictor }
  let test = data[split.test]
  _ = try predictor.predict(Array(test.graphs.prefix(1000)))
  var predictions: [Double] = []
  let predicting = try seconds { predictions = try predictor.predict(test.graphs) }
  let evaluation = try Evaluation(
    ids: test.graphs.map(\.id), measured: test.latencies, predicted: predictions, unit: "ms")
  return (900 / training, Double(test.count) / predicting, evaluation.meanAbsolutePercentageError)
}

var context = TrainingContext.process
context.threads = Int(argument("threads", "1")) ?? 1
TrainingContext.process = context
let family = argument("family", "nnlqp")
if ["forest", "boosted"].contains(family) {
  let table = argument("table", "")
  let rate =
    family == "forest"
    ? try treeRates(RandomForest(seed: 1), table: table) : try treeRates(BoostedTrees(seed: 1), table: table)
  print("{\"training\": \(rate.training), \"predicting\": \(rate.predicting), \"error\": \(rate.error)}")
} else {
  let rate =
    switch family {
    case "gates": try rates(GATES())
    case "nar-former": try rates(NARFormer())
    case "help": try helpRates(secondOrder: argument("order", "2") == "2")
    default: try rates(NNLQP())
    }
  print("{\"training\": \(rate.training), \"predicting\": \(rate.predicting)}")
}
