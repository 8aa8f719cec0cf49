// Trains a residual CNN on pictures of shapes, or with --points cuts networks out of one, and prints the speed as one
// JSON line; see Benchmarks/networks.py.

import Core
import Foundation
import Networks
import Synchronization

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

/// The processor time that the process has used, in seconds.
func processorTime() -> Double { Double(clock()) / Double(CLOCKS_PER_SEC) }

if number("points", 0) > 0 {
  let space = ResidualCNN(width: width)
  let images = try ImageSet.shapes(256, seed: 1)
  let supernet = try space.train(
    on: images, NetworkTraining(epochs: 1, batchSize: batch, seed: 1), in: context)
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("labbook-points-\(UUID().uuidString)")
  defer { try? FileManager.default.removeItem(at: folder) }
  let (start, before) = (ContinuousClock.now, processorTime())
  let points = try space.randomPoints(number("points", 0), seed: 1)
  _ = try supernet.export(points, of: space, calibratedOn: images, to: folder.path, in: context)
  let seconds = start.duration(to: .now) / .seconds(1)
  print("{\"seconds\": \(seconds), \"processor\": \(processorTime() - before), \"memory\": \(peakMemory())}")
  exit(0)
}

let images = try ImageSet.shapes(batch * steps, seed: 1)
/// The processor time at the end of each epoch.
let times = Mutex<[Double]>([])
context.progress = { _ in times.withLock { $0.append(processorTime()) } }
let result = try ResidualCNN(width: width).train(
  on: images,
  NetworkTraining(
    epochs: number("epochs", 4), batchSize: batch, augmentation: Augmentation(crop: 4, flips: true), seed: 1),
  in: context)
// The first epoch is slower because of its page faults.
let rates = result.record.curve.dropFirst().map { Double(batch * steps) / $0.seconds }.sorted()
let spent = times.withLock { zip($0.dropFirst(), $0).map { Double(batch * steps) / ($0 - $1) }.sorted() }
print(
  "{\"rate\": \(rates[rates.count / 2]), \"processor\": \(spent[spent.count / 2]), \"memory\": \(peakMemory())}")
