import Engine
import Foundation
import TestSupport
import Testing

@testable import Runner

/// The shipped notebooks that compare methods, in their quick variants, and the Chinese one, whose code is the same.
@Suite struct MethodsNotebookTests {
  /// Only texts and comments are translated, and no name of a column with them.
  @Test func theChineseNotebookHasTheSameCode() throws {
    func cells(_ name: String) throws -> [(name: String, lines: [Substring])] {
      let file = DocumentationTests.root.appendingPathComponent("notebooks/\(name)")
      return try Notebook(reading: file.path).cells.map { cell in
        (cell.name, cell.source.split(separator: "\n").filter { !$0.drop { $0 == " " }.hasPrefix("//") })
      }
    }
    let (english, chinese) = (try cells("methods.md"), try cells("methods-zh.md"))
    #expect(english.map(\.name) == chinese.map(\.name))
    for (english, chinese) in zip(english, chinese) {
      let texts = /"(?:[^"\\]|\\.)*"/
      func code(_ lines: [Substring]) -> String { lines.joined(separator: "\n").replacing(texts, with: "\"\"") }
      // The advice is prose with a few expressions.
      if english.name != "advice" { #expect(code(english.lines) == code(chinese.lines), "\(english.name)") }
      func columns(_ lines: [Substring]) -> [Substring] { lines.filter { $0.contains("index(of:") } }
      #expect(columns(english.lines) == columns(chinese.lines), "\(english.name)")
    }
  }

  @Test(.timeLimit(.minutes(10)), arguments: ["methods.md", "descriptors.md"]) func everyCellRuns(name: String)
    async throws
  {
    let notebooks = DocumentationTests.root.appendingPathComponent("notebooks")
    let source = try String(contentsOf: notebooks.appendingPathComponent(name), encoding: .utf8)
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
    // What a method has to beat stands in the table of each group.
    for cell in name == "methods.md" ? ["lookup", "kernels", "graph", "transformers", "regressions"] : [] {
      let result = try #require(outcome.cells[cell]?.result)
      let shown = "\(try Store(beside: notebook.folder).outputs(of: result))"
      for row in ["linear regression", "5 nearest neighbours", "boosted trees", "MnasNet"] {
        #expect(shown.contains(row), "\(cell) has no \(row)")
      }
    }
  }
}
