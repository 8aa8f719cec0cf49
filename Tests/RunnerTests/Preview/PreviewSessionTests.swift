import Basics
import Foundation
import Glibc
import TestSupport
import Testing

@testable import Engine
@testable import Report
@testable import Runner

/// The watch loop with notebooks that are edited while it runs.
@Suite struct PreviewSessionTests {
  static let source = """
    ---
    title: Preview
    params: {n: 3}
    ---

    ```swift {#first}
    let text = String(decoding: try FileAccess.read("data.txt"), as: UTF8.self)
    let count = text.count * params.n
    ```

    ```swift {#second}
    print("count", count)
    ```

    There are `{swift} count` of them.
    """

  /// Calls `work` with a running session.
  private func previewing(
    _ notebook: TemporaryNotebook, parameters: [String] = [],
    _ work: @escaping @Sendable (PreviewModel) async throws -> Void
  ) async throws {
    let session = try PreviewSession(notebook.file.path, options: .init(parameters: parameters))
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await session.run() }
      group.addTask { try await work(session.model) }
      try await group.next()
      group.cancelAll()
    }
  }

  /// Waits until the report is as wanted. No test depends on how long this takes.
  private func wait(
    _ model: PreviewModel, for what: String, sourceLocation: SourceLocation = #_sourceLocation,
    until isWanted: (PreviewState, Report) -> Bool
  ) async throws {
    for _ in 0..<2_400 {
      if isWanted(model.state, model.report) { return }
      try await Task.sleep(for: .milliseconds(25))
    }
    Issue.record("never: \(what)", sourceLocation: sourceLocation)
    throw CancellationError()
  }

  private func notebook(_ source: String = source) throws -> TemporaryNotebook {
    let notebook = try TemporaryNotebook(source)
    try notebook.write("abcd", to: "data.txt")
    return notebook
  }

  @Test func savingTheNotebookOrItsDataRunsWhatIsStale() async throws {
    let notebook = try notebook()
    let folder = notebook.folder
    try await previewing(notebook) { model in
      try await wait(model, for: "the first result") { $1.expressions[0]?.text == "12" && $0.phase == .settled }
      #expect(model.state.outcome?.cells.mapValues(\.state) == ["first": .ran, "second": .ran])

      try Data("abcdef".utf8).write(to: folder.appendingPathComponent("data.txt"))
      try await wait(model, for: "the new data's result") { $1.expressions[0]?.text == "18" }

      let edited = Self.source.replacing("\"count\"", with: "\"Count\"")
      try Data(edited.utf8).write(to: folder.appendingPathComponent("n.md"), options: .atomic)
      try await wait(model, for: "the edited cell's result") { $1.printed("second") == "Count 18\n" }
      try await wait(model, for: "the end of that run") { state, _ in state.phase == .settled }
      #expect(model.state.outcome?.cells.mapValues(\.state) == ["first": .fresh, "second": .ran])
    }
  }

  @Test func errorsStandAtTheirCellAndTheRestStays() async throws {
    let notebook = try notebook()
    let file = notebook.file
    try await previewing(notebook) { model in
      try await wait(model, for: "the first result") { state, _ in state.phase == .settled && state.outcome != nil }

      try Data(Self.source.replacing("print(", with: "prnt(").utf8).write(to: file)
      try await wait(model, for: "the type error") { $1.failure("second")?.message == "cannot find 'prnt' in scope" }
      #expect(model.report.failure("second")?.place?.line == 12)
      #expect(model.report.state("first") == "succeeded")
      #expect(model.report.expressions[0]?.text == "12")
      #expect(model.state.problems.isEmpty)

      try Data(Self.source.replacing("params.n", with: "params.n +").utf8).write(to: file)
      try await wait(model, for: "the syntax error") { $1.failure("first") != nil }
      #expect(model.report.state("second") == "stale")

      try Data(Self.source.replacing("title: Preview", with: "toc: perhaps").utf8).write(to: file)
      try await wait(model, for: "the front matter's error") { state, _ in
        !state.problems.isEmpty && !state.errors.isEmpty
      }
      #expect(model.state.problems.map(\.message) == ["`toc` in the front matter must be true or false"])

      try Data(Self.source.replacing("{swift} count`", with: "{swift} cont`").utf8).write(to: file)
      try await wait(model, for: "the expression's error") { state, report in
        if case .failed? = report.expressions[0] { state.problems.isEmpty } else { false }
      }

      try Data(Self.source.utf8).write(to: file)
      try await wait(model, for: "all well") { state, report in
        state.outcome != nil && report.expressions[0]?.text == "12"
      }
      #expect(model.state.outcome?.cells.mapValues(\.state) == ["first": .fresh, "second": .fresh])
    }
  }

  @Test func anEditEndsTheRunAndTextDoesNot() async throws {
    // The cell runs until the file `go` exists. It reports its start by a line in `starts`.
    let source = """
      ```swift {#slow}
      import Foundation
      let log = FileHandle(forWritingAtPath: "starts")!
      log.seekToEndOfFile()
      log.write(Data("start\\n".utf8))
      while !FileManager.default.fileExists(atPath: "go") { usleep(20_000) }
      let x = 1
      ```

      Some text: `{swift} x`.
      """
    let notebook = try TemporaryNotebook(source)
    try notebook.write("", to: "starts")
    let (file, folder) = (notebook.file, notebook.folder)
    @Sendable func starts() -> Int {
      (try? String(contentsOf: folder.appendingPathComponent("starts"), encoding: .utf8))?
        .split(separator: "\n").count ?? 0
    }
    try await previewing(notebook) { model in
      try await wait(model, for: "the first start") { _, _ in starts() == 1 }
      #expect(model.report.state("slow") == "not run")

      try Data(source.replacing("Some text", with: "Other text").utf8).write(to: file)
      try await wait(model, for: "the new text") { $1.document.blocks.inlines.plainText.contains("Other text") }
      #expect(model.state.phase == .running)

      try Data(source.replacing("let x = 1", with: "let x = 2").utf8).write(to: file)
      try await wait(model, for: "the second start") { _, _ in starts() == 2 }
      try Data().write(to: folder.appendingPathComponent("go"))
      try await wait(model, for: "the edited cell's result") { $1.expressions[0]?.text == "2" }
      #expect(starts() == 2)
    }
  }

  @Test func parametersOfTheCallHoldForEveryRun() async throws {
    let notebook = try notebook()
    let file = notebook.file
    try await previewing(notebook, parameters: ["n=5"]) { model in
      try await wait(model, for: "the parameter's result") { $1.expressions[0]?.text == "20" }
      try Data(Self.source.replacing("n: 3", with: "m: 3").replacing("params.n", with: "params.m").utf8).write(to: file)
      try await wait(model, for: "the error") { state, _ in !state.errors.isEmpty }
      #expect(model.state.problems.map(\.message) == ["\(file.path) has no parameter named \"n\""])
    }
  }

  @Test func noSuchNotebookIsAnError() throws {
    #expect(throws: NotebookError.self) { _ = try PreviewSession("nowhere.md", options: .init()) }
  }

  @Test func aFileThatIsTooLargeForANotebookIsAnError() throws {
    let notebook = try TemporaryNotebook("")
    truncate(notebook.file.path, off_t(Budgets.notebookBytes) + 1)
    let error = #expect(throws: NotebookError.self) {
      _ = try PreviewSession(notebook.file.path, options: .init())
    }
    #expect(error?.diagnostics.first?.message.hasPrefix("the file has more than 16 MiB") == true)
  }
}

extension ExpressionReport {
  fileprivate var text: String? { if case .value(let text) = self { text } else { nil } }
}

extension Report {
  private func cell(_ name: String) -> CellReport? { cells.values.first { $0.name == name } }

  fileprivate func printed(_ name: String) -> String? {
    if case .printed(let text)? = cell(name)?.outputs.first { text } else { nil }
  }

  fileprivate func failure(_ name: String) -> CellFailure? {
    cell(name)?.failure
  }

  fileprivate func state(_ name: String) -> String {
    switch cell(name)?.state {
    case .fresh, .ran: "succeeded"
    case .stale: "stale"
    case .failed: "failed"
    case .blocked, .left: "not run"
    case nil: "none"
    }
  }
}
