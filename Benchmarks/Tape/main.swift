// Trains a model on the tape and prints the speed as one JSON line; see Benchmarks/tape.py.

import Core
import Foundation
import Numerics

/// The value of the argument `--name`, or `preset` without it.
func argument(_ name: String, _ preset: String) -> String {
  let arguments = CommandLine.arguments
  guard let index = arguments.firstIndex(of: "--\(name)"), index + 1 < arguments.count else { return preset }
  return arguments[index + 1]
}

func count(_ name: String, _ preset: Int) -> Int { Int(argument(name, "")) ?? preset }

let batchSize = count("batch", 16)
let steps = count("steps", 100)
let samples = count("samples", 1024)
let name = argument("model", "gcn")
let model: any BenchmarkedModel =
  switch name {
  case "gcn": GraphConvolutionNetwork(try Cells(samples), units: count("units", 600), batchSize: batchSize)
  case "transformer": GraphTransformer(try Cells(samples), width: 128)
  default: Perceptron(samples: samples)
  }
var random = SeededGenerator(seed: 2)
let targets = (0..<samples).map { _ in Float(random.uniform()) }
let parameters = ParameterVector(model.layout, seed: 3)
let optimizer = ParameterOptimizer(.adamW(weightDecay: 5e-4), parameters)
let tape = Tape(threads: count("threads", 1))
var order = Array(0..<samples)
var place = samples
var loss = 0.0

@MainActor func step() throws {
  if place + batchSize > samples {
    order.shuffle(using: &random)
    place = 0
  }
  let batch = order[place..<place + batchSize]
  place += batchSize
  tape.reset()
  let weights = try tape.bind(parameters)
  let target = tape.constant(singles: batch.map { targets[$0] }, rows: batchSize, columns: 1)
  let error = try model(batch, weights).absoluteError(from: target)
  try tape.backward(from: error)
  try optimizer.step(weights, rate: 4e-4)
  loss = error.scalar
}

for _ in 0..<10 { try step() }
// The median of short stretches, because other processes slow some of them down.
var rates: [Double] = []
let stretch = max(steps / 10, 1)
for _ in 0..<10 {
  let start = ContinuousClock.now
  for _ in 0..<stretch { try step() }
  rates.append(Double(stretch * batchSize) / (start.duration(to: .now) / .seconds(1)))
}
rates.sort()
print("{\"median\": \(rates[rates.count / 2]), \"best\": \(rates[rates.count - 1]), \"loss\": \(loss)}")
