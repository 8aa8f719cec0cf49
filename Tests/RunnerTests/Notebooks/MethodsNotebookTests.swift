import Engine
import Foundation
import TestSupport
import Testing

@testable import Runner

/// The shipped notebook of all methods, in its quick variant, and the Chinese one, whose code is the same.
@Suite struct MethodsNotebookTests {
  /// Only texts and comments are translated, and no name of a column or a method with them.
  @Test func theChineseNotebookHasTheSameCode() throws {
    func cells(_ name: String) throws -> [String] {
      let file = DocumentationTests.root.appendingPathComponent("notebooks/\(name)")
      return try Notebook(reading: file.path).cells.map { cell in
        let texts = /"(?:[^"\\]|\\.)*"/
        let code = cell.code.split(separator: "\n").filter { !$0.drop { $0 == " " }.hasPrefix("//") }
          .joined(separator: "\n")
        // A text in Chinese stands for any text. The others have to be equal.
        return code.replacing(texts) { match in
          match.output.allSatisfy(\.isASCII) ? String(match.output) : "\"…\""
        }
      }
    }
    let (english, chinese) = (try cells("methods.md"), try cells("methods-zh.md"))
    #expect(english.count == chinese.count)
    for (english, chinese) in zip(english, chinese) {
      let (lines, translated) = (english.split(separator: "\n"), chinese.split(separator: "\n"))
      #expect(lines.count == translated.count)
      for (line, other) in zip(lines, translated) where line != other {
        // Outside of Chinese texts the lines are equal, too.
        let pieces = other.split(separator: "\"…\"", omittingEmptySubsequences: false)
        #expect(pieces.count > 1 && line.hasPrefix(pieces[0]), "\(line) | \(other)")
      }
    }
  }

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
