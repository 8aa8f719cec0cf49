import Basics
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Engine
@testable import Report
@testable import Runner

/// The work of `labbook run` and `labbook render` without arguments.
@Suite struct RunWorkflowTests {
  /// The messages of a workflow, in order.
  private final class Said: Sendable {
    let lines = Mutex<[String]>([])

    var messages: Messages {
      Messages(
        diagnostics: { diagnostics in self.add(diagnostics.map { "\($0.severity): \($0.message)" }) },
        remark: { self.add([$0]) }, result: { self.add(["= " + $0]) })
    }

    private func add(_ more: [String]) { lines.withLock { $0 += more } }
  }

  private let notebook: TemporaryNotebook

  init() throws {
    notebook = try TemporaryNotebook(
      "---\ntitle: T\nprevious: before\n---\n\n[other](other.md) ![p](p.png)\n\n```swift {#a}\nprint(1)\n```\n")
    try notebook.write("# Other\n", to: "other.md")
  }

  @Test func rendersWhatIsStoredAndNamesWhatIsNot() async throws {
    let said = Said()
    let read = try Notebook(reading: notebook.file.path)
    let status = try await RenderWorkflow(notebook: read, messages: said.messages).run()
    #expect(status == .different)
    let lines = said.lines.withLock { $0 }
    #expect(lines.contains("not run: a"))
    #expect(lines.last?.hasPrefix("= ") ?? false && lines.last?.hasSuffix("reports/n/index.html") ?? false)
    #expect(lines.contains("warning: the picture p.png can't be read"))
  }

  /// The receipt lists the files that readers note, so each reader must note its file.
  @Test func readersNoteTheirFiles() async throws {
    let register = FileRegister()
    try await FileRegister.$current.withValue(register) {
      let read = try Notebook(reading: notebook.file.path)
      _ = try await RenderWorkflow(notebook: read, messages: Said().messages).run()
    }
    let folder = notebook.folder.path
    for name in [
      "n.md", "p.png", "other.md", "reports/before/index.html", ".labbook/proof/before.lock",
      ".labbook/proof/n.verification",
    ] {
      #expect(register.paths.contains("\(folder)/\(name)"), "\(name) in \(register.paths)")
    }
    #expect(register.paths.contains { $0.hasSuffix("/libLabbookCell.so") })
  }

  @Test func formatsThatAreSetInLettersNoteTheFonts() throws {
    let register = FileRegister()
    FileRegister.$current.withValue(register) {
      _ = RenderedReport(SampleReport(markdown: "text").report, formats: [.pdf])
    }
    #expect(register.paths.contains("/usr/share/fonts"))
  }

  @Test func aReportOfAnotherNotebookIsNotOverwritten() async throws {
    let other = notebook.folder.appendingPathComponent("reports/n/index.html")
    try FileManager.default.createDirectory(
      at: other.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data("mine".utf8).write(to: other)
    let read = try Notebook(reading: notebook.file.path)
    await #expect(throws: NotebookError.self) {
      _ = try await RunWorkflow(notebook: read, messages: Said().messages).run { throw CancellationError() }
    }
    #expect(try Data(contentsOf: other) == Data("mine".utf8))
  }

  @Test(arguments: [
    ([CellState.ran, .fresh], false, false, Engine.ExitStatus.success), ([.ran, .failed], false, false, .cellFailed),
    ([.failed], true, false, .success), ([.ran], false, true, .interrupted),
  ])
  func statusOfARun(states: [CellState], isExpected: Bool, isInterrupted: Bool, status: Engine.ExitStatus) throws {
    let names = states.indices.map { "c\($0)" }
    let options = isExpected ? "//| error: true\n" : ""
    let source = names.map { "```swift {#\($0)}\n\(options)print(1)\n```\n" }.joined(separator: "\n")
    let read = try Notebook(source: source, file: "n.md")
    var cells: [String: CellRecord] = [:]
    for (name, state) in zip(names, states) {
      cells[name] = state == .failed ? .failed(CellFailure(message: "m"), outputs: [], seconds: 0) : .left
    }
    let outcome = NotebookRun.Outcome(
      cells: cells, expressions: [:], isInterrupted: isInterrupted, isTextTimedOut: false)
    #expect(Engine.ExitStatus(of: outcome, in: read) == status)
  }
}
