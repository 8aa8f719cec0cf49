import Core
import Engine
import Foundation
import TestSupport
import Testing

@testable import Runner

/// The shipped notebook that trains, prunes and exports networks, in its quick variant.
@Suite struct NetworksNotebookTests {
  @Test func runsFromNothing() async throws {
    let shipped = DocumentationTests.root.appendingPathComponent("notebooks/2023-11-09.md")
    let source = try String(contentsOf: shipped, encoding: .utf8)
    let notebook = try TemporaryNotebook(source.replacingOccurrences(of: "quick: false", with: "quick: true"))
    let outcome = try await notebook.run()
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
}
