import Engine
import Foundation
import TestSupport
import Testing

@testable import Runner

/// The shipped notebook of all methods, in its quick variant.
@Suite struct MethodsNotebookTests {
  @Test(.timeLimit(.minutes(10))) func everyCellRuns() async throws {
    let notebooks = DocumentationTests.root.appendingPathComponent("notebooks")
    let source = try String(contentsOf: notebooks.appendingPathComponent("methods.md"), encoding: .utf8)
    let notebook = try TemporaryNotebook(source.replacingOccurrences(of: "quick: false", with: "quick: true"))
    // A copy, since what a link leads to is outside of the notebook's folder.
    try FileManager.default.copyItem(
      at: notebooks.appendingPathComponent("data"), to: notebook.folder.appendingPathComponent("data"))
    let outcome = try await notebook.run()
    for cell in try Notebook(reading: notebook.file.path).cells {
      #expect(outcome.failure(cell.name) == nil, "\(cell.name): \(String(describing: outcome.failure(cell.name)))")
      #expect(outcome.cells[cell.name]?.state == .ran, "\(cell.name)")
    }
    #expect(outcome.texts.allSatisfy { !$0.hasPrefix("failed") && !$0.hasPrefix("needs") })
  }
}
