import Foundation
import Glibc
import Wire

extension NotebookCompiler {
  /// The digest by which the store keeps a program's record.
  private func key(_ program: CellProgram) -> String {
    SHA256.hex(
      ([program.main, program.declarations, toolchain.version, library.identity.fingerprint] + optimization)
        .joined(separator: "\0"))
  }

  private func file(_ name: String) -> URL {
    store.folder.appendingPathComponent("programs/\(name)")
  }

  private func recordPath(_ key: String) -> String {
    "programs/\(key)\(ProgramRecord.fileSuffix)"
  }

  /// The program's executable if it was compiled before and hasn't changed since.
  package func compiled(_ program: CellProgram) -> CompiledProgram? {
    guard let record = store.record(recordPath(key(program)), as: ProgramRecord.self),
      let data = FileManager.default.contents(atPath: file(record.executable).path)
    else { return nil }
    if SHA256.hex(data) == record.sha256 {
      return CompiledProgram(executable: file(record.executable), entry: record.entry)
    }
    store.discard(file(record.executable))
    return nil
  }

  /// Compiles a cell's program, or finds it in the store.
  /// - Throws: `NotebookError` with the compiler's errors at their places in the notebook.
  package func compile(_ program: CellProgram, for notebook: Notebook) async throws -> CompiledProgram {
    try await compile([program], for: notebook)
    if let compiled = compiled(program) { return compiled }
    // A cell that can't be a function is compiled as a script. Errors are reported for the script form.
    let lock = try await StoreLock.acquire("program-\(key(program))", in: store)
    defer { lock.release() }
    if let compiled = compiled(program) { return compiled }
    let output = try await build(
      ["main.swift": program.main, "Declarations.swift": program.declarations], of: [program], isShared: false)
    if let compiled = compiled(program) { return compiled }
    let errors = CompilerDiagnostics.diagnostics(CompilerDiagnostics.parse(output), for: notebook)
      .filter { $0.severity == .error }
    throw NotebookError(errors.isEmpty ? [.error("the cell does not compile:\n\(output)")] : errors)
  }

  /// Compiles those programs that can be functions as one executable. Errors are ignored here: each program can still
  /// be compiled alone, which reports them.
  package func compile(_ programs: [CellProgram], for notebook: Notebook) async throws {
    var seen: Set<String> = []
    let sorted = programs.filter { $0.function != nil && seen.insert(key($0)).inserted }.sorted { key($0) < key($1) }
    var locks: [StoreLock] = []
    defer { for lock in locks { lock.release() } }
    // All runners acquire the locks in the same order, so that no deadlock can occur.
    for program in sorted { locks.append(try await StoreLock.acquire("program-\(key(program))", in: store)) }
    let missing = sorted.filter { compiled($0) == nil }
    if missing.isEmpty { return }
    let text = CellFunction.program(missing.compactMap(\.function), of: notebook)
    _ = try await build([Self.sharedSource: text], of: missing, isShared: true)
  }

  static let sharedSource = "Cells.swift"

  func steps(_ sources: [String]) async throws -> CompilationSteps {
    try await CompilationSteps.find(
      optimization + ["-gline-tables-only"] + moduleArguments
        + (sources == [Self.sharedSource] ? ["-parse-as-library"] : []) + sources + ["-o", "cell"] + linkArguments
        + toolchain.quickLinker, toolchain: toolchain, cache: cache, store: store)
  }

  /// The compiler's messages about a program as a script of its own. Nothing is compiled.
  package func messages(about program: CellProgram) async throws -> [CompilerDiagnostics.Message] {
    let sources = ["main.swift": program.main, "Declarations.swift": program.declarations]
    return CompilerDiagnostics.parse(try await typeCheck(sources).output)
  }

  /// Whether the compiler finds no error in a program of these functions. Nothing is compiled.
  package func accepts(_ functions: [CellFunction], of notebook: Notebook) async throws -> Bool {
    try await typeCheck([Self.sharedSource: CellFunction.program(functions, of: notebook)]).succeeded
  }

  private func typeCheck(_ sources: [String: String]) async throws -> Tool.Result {
    let folder = try store.temporaryFolder("check")
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in sources { try Data(text.utf8).write(to: folder.appendingPathComponent(name)) }
    let arguments =
      ["-frontend", "-emit-module"] + (sources[Self.sharedSource] == nil ? [] : ["-parse-as-library"])
      + moduleArguments + ["-target", toolchain.target] + sources.keys.sorted() + ["-o", "Notebook.swiftmodule"]
    return try await withModules {
      try await Tool.run(toolchain.frontend, arguments, in: folder, sandbox: sandbox)
    }
  }

  /// Asks the driver for its commands before the first compilation needs them.
  package func prepare() async {
    _ = try? await steps([Self.sharedSource])
  }

  /// Compiles and links. On success, the executable is recorded as that of `programs`.
  /// - Returns: The compiler's output.
  private func build(
    _ sources: [String: String], of programs: [CellProgram], isShared: Bool
  ) async throws -> String {
    let folder = try store.temporaryFolder("compile")
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in sources { try Data(text.utf8).write(to: folder.appendingPathComponent(name)) }
    let name = SHA256.hex(programs.map(key).joined())
    let built = folder.appendingPathComponent("cell")
    var output = ""
    if common?.copy(programs: name, to: built, linkArguments) != true {
      let steps = try await steps(sources.keys.sorted())
      let result = try await withModules { try await steps.run(in: folder, sandbox: sandbox) }
      guard result.succeeded else { return result.output }
      output = result.output
      common?.keep(built, programs: name, linkArguments)
    }
    var status = stat()
    guard lstat(built.path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw NotebookError("the compiler wrote no executable for the cell")
    }
    let digest = SHA256.hex(try Data(contentsOf: built))
    guard rename(built.path, file(name).path) == 0 else {
      throw POSIXFailure(action: "keep the compiled cell as", path: file(name).path)
    }
    for (entry, program) in programs.enumerated() {
      try store.setRecord(
        recordPath(key(program)), ProgramRecord(executable: name, sha256: digest, entry: isShared ? entry : nil))
    }
    return output
  }
}
