import Core
import Engine
import Foundation
import TestSupport
import Testing

@testable import Runner

/// The shipped notebook that trains, prunes and exports networks, in its quick variant, and the one that compares the
/// latencies of such networks in several runtimes, on a device of one's own.
@Suite struct NetworksNotebookTests {
  @Test func runsFromNothing() async throws {
    let shipped = DocumentationTests.root.appendingPathComponent("notebooks/2023-11-09.md")
    let source = try String(contentsOf: shipped, encoding: .utf8)
    let notebook = try TemporaryNotebook(source.replacingOccurrences(of: "quick: false", with: "quick: true"))
    let outcome = try await notebook.run(notebook.withOwnCache)
    for cell in try Notebook(reading: notebook.file.path).cells {
      #expect(outcome.failure(cell.name) == nil, "\(cell.name)")
      #expect(outcome.cells[cell.name]?.state == .ran, "\(cell.name)")
    }
    #expect(outcome.texts.allSatisfy { !$0.hasPrefix("failed") && !$0.hasPrefix("needs") })
    let models = try FileManager.default.contentsOfDirectory(
      atPath: notebook.folder.appendingPathComponent("models/2023-11-09").path)
    #expect(models.count { $0.hasSuffix(".onnx") } == 20)
    // The measured table is the data set of the next week's notebook.
    let folder = notebook.folder.appendingPathComponent("models/2023-11-09").path
    let data = try Dataset.load(
      architectures: "\(folder)/architectures.jsonl", latencies: "\(folder)/latency.csv", device: "pc-onednn-1t")
    #expect(data.count == 20)
    #expect(try data.property("pruned_units").count == 20)
  }

  /// The device is this machine with two setups of the runtime that is part of Labbook.
  @Test func runtimesOfOwnDevicesAreCompared() async throws {
    let notebook = try TemporaryNotebook(
      """
      ```swift {#models}
      let space = ResidualCNN(widths: [16, 32], blocksPerStage: 2, imageSize: 16)
      let images = try ImageSet.shapes(32, size: 16, seed: 1)
      let weights = NetworkWeights(random: try space.fullNetwork(), seed: 1)
      let networks = try weights.export(
        space.randomPoints(16, seed: 3), of: space, images.normalization, calibratedOn: images, to: "models/2023-11-09")
      ```
      """)
    #expect(try await notebook.states() == ["models ran"])
    try notebook.write(
      """
      pc:
        quiet: 1000
        patience: 0
        runtimes: [onednn, {runtime: onednn, name: pc-again}]
      """, to: "devices.yaml")
    let shipped = DocumentationTests.root.appendingPathComponent("notebooks/2023-12-07.md")
    try notebook.write(String(contentsOf: shipped, encoding: .utf8))
    try notebook.edit("own: false", "own: true")
    try notebook.edit("width: 64", "width: 16")
    try notebook.edit("epochs: 200", "epochs: 4")
    try notebook.edit(
      "on: device, table: table",
      "on: device, plan: MeasuringPlan(rounds: 2...2, runs: 5, overhead: 0.9, repetitions: 0), table: table")
    let outcome = try await notebook.run(notebook.withOwnCache)
    for cell in try Notebook(reading: notebook.file.path).cells {
      #expect(outcome.failure(cell.name) == nil, "\(cell.name): \(String(describing: outcome.failure(cell.name)))")
      #expect(outcome.cells[cell.name]?.state == .ran, "\(cell.name)")
    }
    let texts = outcome.texts
    #expect(Array(texts.prefix(2)) == ["16", "网络在 2 种运行环境上测了延时：pc-onednn-1t、pc-again"])
    #expect(texts.allSatisfy { !$0.hasPrefix("failed") && !$0.hasPrefix("needs") })
    let folder = notebook.folder.appendingPathComponent("models/2023-11-09").path
    for device in ["pc-onednn-1t", "pc-again"] {
      let data = try Dataset.load(
        architectures: "\(folder)/architectures.jsonl", latencies: "\(folder)/pc.csv", device: device)
      #expect(data.count == 16)
    }
  }
}
