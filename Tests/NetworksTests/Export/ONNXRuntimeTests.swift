import Core
import Foundation
import TestSupport
import Testing

@testable import Networks

/// Runs exported networks in ONNX Runtime, by Tests/Reference/networks_onnx.py with the Python of `make runtimes`.
@Suite struct ONNXRuntimeTests {
  @Test(.enabled(if: RuntimesPython.path != nil, "There are no runtimes: make runtimes installs them."))
  func outputsAreOurs() throws {
    let python = try #require(RuntimesPython.path)
    let space = ResidualCNN(widths: [16, 32], blocksPerStage: 2, imageSize: 16)
    let images = try ImageSet.shapes(600, size: 16, seed: 1)
    let trained = try space.train(
      on: images, NetworkTraining(epochs: 2, batchSize: 50, learningRate: 0.1, averaging: 0.9, seed: 3))
    let test = try ImageSet.shapes(100, size: 16, seed: 2)
    let count = 100
    var random = SeededGenerator(seed: 0)
    let batch = ImageBatch(test, batch: count, normalization: trained.normalization)
    batch.load(Array(0..<count)[...], .none, isMirrored: { _ in true }, using: &random)
    let folder = URL(fileURLWithPath: temporaryFile("images")).deletingLastPathComponent().path
    try Data(littleEndian: batch.images.values).write(to: URL(fileURLWithPath: "\(folder)/images"))
    // Mobile networks and networks with groups and pooling with random weights, a trained residual network, and a slice
    // of it.
    let mobile = MobileNet(widths: [8, 16], blocksPerStage: 2, features: 24, imageSize: 16)
    var networks: [(Network, NetworkWeights)] = [(try space.fullNetwork(), trained.weights)]
    let part = try space.network(at: space.point("8 - | 24 16"))
    networks.append((part, try part.calibrated(trained.weights.sliced(for: part), on: images, trained.normalization)))
    let small = try mobile.network(at: mobile.point("16k3 48k5 | 24k5 -"))
    networks.append(
      (
        small,
        try small.calibrated(NetworkWeights(random: small, seed: 1), on: images, trained.normalization)
      ))
    for pooling in [Network.Pooling.max(2), .average(3)] {
      let space = GroupedCNN(imageSize: 16, pooling: pooling)
      let network = try space.network(at: space.point("16 | 24"))
      let weights = NetworkWeights(random: network, seed: 2)
      networks.append((network, try network.calibrated(weights, on: images, trained.normalization)))
    }
    var paths: [String] = []
    var expected: [[Float]] = []
    for (number, (network, weights)) in networks.enumerated() {
      for operatorSet in [13, 17] {
        for folds in [false, true] {
          let path = "\(folder)/\(number)-\(operatorSet)-\(folds).onnx"
          try network.save(
            onnx: path, weights: weights,
            ONNXExport(operatorSet: operatorSet, foldsNormalization: folds, batch: folds ? count : nil))
          paths.append(path)
          expected.append(try network.logits(weights, of: test, trained.normalization))
        }
      }
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: python)
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Reference/networks_onnx.py").standardizedFileURL.path
    process.arguments = [script, "16", "\(count)", "\(folder)/images"] + paths
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let lines = output.split(separator: "\n").map { $0.split(separator: " ").compactMap { Float($0) } }
    try #require(lines.count == paths.count)
    for (path, (line, logits)) in zip(paths, zip(lines, expected)) {
      try #require(line.count == logits.count)
      let difference = zip(line, logits).map { abs($0 - $1) }.max() ?? .infinity
      #expect(difference < 1e-4, "\(path): \(difference)")
      func best(_ values: [Float]) -> [Int] {
        stride(from: 0, to: values.count, by: 10).map { row in
          (0..<10).max { values[row + $0] < values[row + $1] } ?? 0
        }
      }
      #expect(best(line) == best(logits), "\(path)")
    }
  }
}
