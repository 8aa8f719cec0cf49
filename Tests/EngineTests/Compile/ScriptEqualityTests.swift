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

  /// The seeds of the notebooks to try: those that `LABBOOK_CELL_SEEDS` lists, or else the first twenty.
  private static var seeds: [UInt64] {
    let listed = ProcessInfo.processInfo.environment["LABBOOK_CELL_SEEDS"]?.split(separator: ",").compactMap {
      UInt64($0)
    }
    return listed ?? Array(1...20)
  }

  /// `make bench-cells` tries a thousand notebooks. It sets `LABBOOK_CELL_SEEDS`, and `LABBOOK_CELL_RESULTS`, the file
  /// to which each notebook's verdict is appended as a line of JSON.
  @Test func notebooksBehaveAsTheirScriptsOrAreRefused() async throws {
    let notebook = try TemporaryNotebook("")
    let compiler = try await NotebookCompiler(store: Store(beside: notebook.folder))
    let results = ProcessInfo.processInfo.environment["LABBOOK_CELL_RESULTS"].flatMap {
      FileHandle(forUpdatingAtPath: $0)
    }
    var equal = 0
    try await withThrowingTaskGroup(of: (seed: UInt64, verdict: Verdict).self) { group in
      var seeds = Self.seeds.makeIterator()
      func add() {
        guard let seed = seeds.next() else { return }
        group.addTask { [folder = notebook.folder] in (seed, try await verdict(seed, in: folder, compiler)) }
      }
      for _ in 0..<Self.atOnce { add() }
      while let (seed, verdict) = try await group.next() {
        add()
        let source = RandomNotebook(seed: seed).source
        if case .wrong(let what) = verdict { Issue.record("seed \(seed): \(what)\n\(source)") }
        if verdict == .equal { equal += 1 }
        try results?.append(Self.line(seed, source, verdict))
      }
    }
    // Most notebooks must pass the check, or else nothing is compared.
    #expect(equal * 4 >= Self.seeds.count * 3)
  }

  private static func line(_ seed: UInt64, _ source: String, _ verdict: Verdict) throws -> Data {
    var line = ["seed": "\(seed)"]
    switch verdict {
    case .equal: line["verdict"] = "equal"
    case .refused(let reason): (line["verdict"], line["text"]) = ("refused", reason)
    case .wrong(let what): (line["verdict"], line["text"]) = ("wrong", "\(what)\n\(source)")
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(line) + Data("\n".utf8)
  }

  private func verdict(_ seed: UInt64, in folder: URL, _ compiler: NotebookCompiler) async throws -> Verdict {
    let random = RandomNotebook(seed: seed)
    var compiler = compiler
    // Unoptimised code takes the compiler a quarter of the time.
    compiler.optimization = seed.isMultiple(of: 8) ? NotebookCompiler.optimized : ["-Onone"]
    let verdict = try await verdict(random.source, name: "s\(seed)", in: folder, compiler)
    guard case .refused(let reason) = verdict, !random.isRisky else { return verdict }
    return .wrong("refused without need: \(reason)")
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
    let own = folder.appendingPathComponent("\(name)-script")
    try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: own) }
    let text = NotebookProgram(notebook).tangled
    let program = own.appendingPathComponent("cell")
    let versions = [compiler.toolchain.version, compiler.library.identity.fingerprint] + compiler.optimization
    let key = SHA256.hex(([text] + versions).joined(separator: "\0"))
    if compiler.common?.copy(programs: key, to: program, compiler.linkArguments) != true {
      try Data(text.utf8).write(to: own.appendingPathComponent("main.swift"))
      let compiled = try await compiler.steps(["main.swift"]).run(in: own)
      guard compiled.succeeded else { return compiled.output }
      compiler.common?.keep(program, programs: key, compiler.linkArguments)
    }
    return try await Tool.run(program.path, []).output
  }
}

extension FileHandle {
  fileprivate func append(_ data: Data) throws {
    try seekToEnd()
    try write(contentsOf: data)
  }
}
