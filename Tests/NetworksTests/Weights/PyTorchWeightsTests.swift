import Core
import Foundation
import Numerics
import Testing

@testable import Networks

/// Weights that PyTorch reads and writes, with the Python that LABBOOK_TORCH_PYTHON names, which needs safetensors,
/// too: see Tests/Reference/networks_torch.py.
@Suite struct PyTorchWeightsTests {
  static let python = ProcessInfo.processInfo.environment["LABBOOK_TORCH_PYTHON"]

  private let space = ResidualCNN(widths: [16, 32], blocksPerStage: 2)
  private let point = "16 8 | 32 24"

  /// The logits of the script's network for its fixed image.
  private func logits(_ verb: String, _ path: String) throws -> [Float] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(Self.python))
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Reference/networks_torch.py").standardizedFileURL.path
    process.arguments = [script, verb, path, point]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return output.split(whereSeparator: \.isWhitespace).compactMap { Float($0) }
  }

  /// The logits of our network for the same image.
  private func logits(_ network: Network, _ weights: NetworkWeights) throws -> [Float] {
    try OneDNN.use(threads: 1)
    let store = try ParameterStore(network, weights)
    let pass = try NetworkPass(network, batch: 1, of: store, PassResources(), hasGradients: false)
    let image = Buffer<Float>(3 * 32 * 32, repeating: 0)
    for index in 0..<image.count { image.pointer[index] = Float(index % 17 - 8) / 8 }
    try pass.forward(image.pointer, values: store.values, statistics: store.statistics, from: .kept)
    return pass.logits.array
  }

  @Test(.enabled(if: python != nil, "LABBOOK_TORCH_PYTHON names no Python with torch and safetensors"))
  func goBothWays() throws {
    let network = try space.network(at: space.point(point))
    let path = temporaryFile("weights.safetensors")
    let weights = NetworkWeights(random: network, seed: 8)
    try weights.save(path, batches: 5)
    let read = try logits("read", path)
    try #require(read.count == 10)
    for (one, other) in try zip(read, logits(network, weights)) { #expect(abs(one - other) < 1e-4) }

    let written = try logits("write", path)
    try #require(written.count == 10)
    let back = try NetworkWeights.load(path, for: network)
    for (one, other) in try zip(written, logits(network, back)) { #expect(abs(one - other) < 1e-4) }
  }
}
