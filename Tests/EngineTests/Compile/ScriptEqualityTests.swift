import Core
import Foundation
import TestSupport
import Testing
import Wire

@testable import Engine

/// A notebook behaves like its tangled script, or the check refuses it.
@Suite struct ScriptEqualityTests {
  private enum Verdict: Equatable {
    case equal
    /// The check refused the notebook, with Labbook's own reason.
    case refused(String)
    case wrong(String)
  }

  /// The number of notebooks that are tried at once. Each waits for one compiler or program after another.
  private static let atOnce = 4

  /// Twenty notebooks are always tried, and more by `make bench-cells`, which sets `LABBOOK_CELL_PROGRAMS`.
  @Test func notebooksBehaveAsTheirScriptsOrAreRefused() async throws {
    let environment = ProcessInfo.processInfo.environment
    let count = environment["LABBOOK_CELL_PROGRAMS"].flatMap(Int.init) ?? 20
    let first = environment["LABBOOK_CELL_SEED"].flatMap(Int.init) ?? 1
    let notebook = try TemporaryNotebook("")
    let compiler = try await NotebookCompiler(store: Store(beside: notebook.folder))
    var equal = 0
    var refused: [String: Int] = [:]
    var ended = 0
    try await withThrowingTaskGroup(of: (seed: Int, verdict: Verdict).self) { group in
      var seeds = (first..<(first + count)).makeIterator()
      func add() {
        guard let seed = seeds.next() else { return }
        group.addTask { [folder = notebook.folder] in
          let source = RandomNotebook.source(seed: UInt64(seed))
          return (seed, try await verdict(source, name: "s\(seed)", in: folder, compiler))
        }
      }
      for _ in 0..<Self.atOnce { add() }
      while let (seed, verdict) = try await group.next() {
        add()
        ended += 1
        switch verdict {
        case .equal: equal += 1
        case .refused(let reason): refused[reason, default: 0] += 1
        case .wrong(let what): Issue.record("seed \(seed): \(what)\n\(RandomNotebook.source(seed: UInt64(seed)))")
        }
        if count > 20, ended.isMultiple(of: 10) {
          print("\(ended) notebooks: \(equal) as their scripts, refused: \(refused)")
        }
      }
    }
    // Most notebooks must pass the check, or else nothing is compared.
    #expect(equal * 2 > count)
  }

  private func verdict(
    _ source: String, name: String, in folder: URL, _ compiler: NotebookCompiler
  ) async throws -> Verdict {
    let file = folder.appendingPathComponent("\(name).md")
    try Data(source.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let notebook = try Notebook(reading: file.path)
    let run: NotebookRun
    do {
      run = try await NotebookRun(notebook, compiler: compiler)
    } catch let error as NotebookError {
      // An error of the compiler has no remedy; the script doesn't compile either.
      guard let first = error.diagnostics.first, first.remedy != nil else {
        return .wrong("refused: \(error.diagnostics.map { $0.text() }.joined(separator: "\n"))")
      }
      return .refused(first.message.replacing(#/`[^`]*`|"[^"]*"/#, with: "…"))
    }
    let outcome = try await run.run(.init()) { _ in }
    var printed = ""
    for cell in notebook.cells {
      if let failure = outcome.failure(cell.name) { return .wrong("\(cell.name) failed: \(failure)") }
      guard let result = outcome.cells[cell.name]?.result, let data = compiler.store.blob(result.outputs)
      else { return .wrong("\(cell.name) gave no result") }
      for case .printed(let text) in try JSONDecoder().decode([CellOutput].self, from: data) { printed += text }
    }
    let script = try await script(of: notebook, name, in: folder, compiler)
    return script == printed ? .equal : .wrong("the notebook printed\n\(printed)and its script\n\(script)")
  }

  /// The output of the tangled notebook, or the compiler's error.
  private func script(
    of notebook: Notebook, _ name: String, in folder: URL, _ compiler: NotebookCompiler
  ) async throws -> String {
    let source = folder.appendingPathComponent("\(name).swift")
    try Data(NotebookProgram(notebook).tangled.utf8).write(to: source)
    let program = folder.appendingPathComponent(name)
    defer { for url in [source, program] { try? FileManager.default.removeItem(at: url) } }
    // An optimised script does the same, but compiling it takes three times as long.
    let compiled = try await Tool.run(
      compiler.toolchain.compiler,
      ["-Onone"] + compiler.moduleArguments + [source.path, "-o", program.path] + compiler.linkArguments
        + compiler.toolchain.quickLinker)
    guard compiled.succeeded else { return compiled.output }
    return try await Tool.run(program.path, []).output
  }
}
