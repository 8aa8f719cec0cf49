// Trains a residual CNN on pictures of shapes and prints the speed as one JSON line; see Benchmarks/networks.py.

import Core
import Foundation
import Networks

let arguments = Array(CommandLine.arguments.dropFirst())

func number(_ name: String, _ preset: Int) -> Int {
  arguments.firstIndex(of: "--\(name)").flatMap { arguments.indices.contains($0 + 1) ? Int(arguments[$0 + 1]) : nil }
    ?? preset
}

/// The process's peak resident memory, in MiB.
func peakMemory() -> Int {
  let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
  let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
  return line.flatMap { Int($0.split(separator: " ")[1]) }.map { $0 / 1024 } ?? 0
}

let (width, batch, steps) = (number("width", 16), number("batch", 128), number("steps", 8))
var context = TrainingContext.current
context.threads = number("threads", 1)
let images = try ImageSet.shapes(batch * steps, seed: 1)
let result = try ResidualCNN(width: width).train(
  on: images,
  NetworkTraining(
    epochs: number("epochs", 4), batchSize: batch, augmentation: Augmentation(crop: 4, flips: true), seed: 1),
  in: context)
// The first epoch is slower because of its page faults.
let rates = result.record.curve.dropFirst().map { Double(batch * steps) / $0.seconds }.sorted()
print("{\"rate\": \(rates[rates.count / 2]), \"memory\": \(peakMemory())}")
