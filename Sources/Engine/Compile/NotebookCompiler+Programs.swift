import Foundation
import Glibc
import Wire

extension NotebookCompiler {
  /// The digest under which a program's record is kept.
  private func key(_ program: CellProgram) -> String {
    SHA256.hex(
      [program.main, program.declarations, toolchain.version, library.identity.fingerprint].joined(separator: "\0"))
  }

  private func file(_ name: String) -> URL {
    store.folder.appendingPathComponent("programs/\(name)")
  }

  private func recordPath(_ key: String) -> String {
    "programs/\(key)\(ProgramRecord.fileSuffix)"
  }

  /// The program's executable if it was compiled before and is as it was then.
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

  /// Compiles a cell's program, or finds it compiled.
  /// - Throws: `NotebookError` with the compiler's errors at the notebook's places.
  package func compile(_ program: CellProgram, for notebook: Notebook) async throws -> CompiledProgram {
    try await compile([program], for: notebook)
    if let compiled = compiled(program) { return compiled }
    // What a function can't be is compiled as the script that it is, and what is wrong is told of the script.
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

  /// Compiles several cells' programs as one executable, as far as they are functions. What the compiler has against
  /// them is not told: each may still be compiled alone.
  package func compile(_ programs: [CellProgram], for notebook: Notebook) async throws {
    var seen: Set<String> = []
    let sorted = programs.filter { $0.function != nil && seen.insert(key($0)).inserted }.sorted { key($0) < key($1) }
    var locks: [StoreLock] = []
    defer { for lock in locks { lock.release() } }
    // In one order everywhere, so that no two runners wait for each other.
    for program in sorted { locks.append(try await StoreLock.acquire("program-\(key(program))", in: store)) }
    let missing = sorted.filter { compiled($0) == nil }
    if missing.isEmpty { return }
    let text = CellFunction.program(missing.compactMap(\.function), of: notebook)
    _ = try await build([Self.sharedSource: text], of: missing, isShared: true)
  }

  static let sharedSource = "Cells.swift"

  func steps(_ sources: [String]) async throws -> CompilationSteps {
    try await CompilationSteps.find(
      ["-O", "-whole-module-optimization", "-gline-tables-only"] + moduleArguments
        + (sources == [Self.sharedSource] ? ["-parse-as-library"] : []) + sources + ["-o", "cell"] + linkArguments
        + toolchain.quickLinker, toolchain: toolchain, cache: cache, store: store)
  }

  /// What the compiler has to say of a program as a script of its own, without compiling it.
  package func messages(about program: CellProgram) async throws -> [CompilerDiagnostics.Message] {
    let folder = try store.temporaryFolder("check")
    defer { try? FileManager.default.removeItem(at: folder) }
    let sources = ["main.swift": program.main, "Declarations.swift": program.declarations]
    for (name, text) in sources { try Data(text.utf8).write(to: folder.appendingPathComponent(name)) }
    let arguments =
      ["-frontend", "-emit-module"] + moduleArguments + ["-target", toolchain.target]
      + sources.keys.sorted() + ["-o", "Notebook.swiftmodule"]
    let result = try await withModules {
      try await Tool.run(toolchain.frontend, arguments, in: folder, sandbox: sandbox)
    }
    return CompilerDiagnostics.parse(result.output)
  }

  /// Asks the driver ahead of the first compilation how to compile.
  package func prepare() async {
    _ = try? await steps([Self.sharedSource])
  }

  /// Compiles and links, and records the executable as that of `programs` if there is one then.
  /// - Returns: What the compiler said.
  private func build(
    _ sources: [String: String], of programs: [CellProgram], isShared: Bool
  ) async throws -> String {
    let folder = try store.temporaryFolder("compile")
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in sources { try Data(text.utf8).write(to: folder.appendingPathComponent(name)) }
    let steps = try await steps(sources.keys.sorted())
    let result = try await withModules { try await steps.run(in: folder, sandbox: sandbox) }
    guard result.succeeded else { return result.output }
    let built = folder.appendingPathComponent("cell")
    var status = stat()
    guard lstat(built.path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw NotebookError("the compiler made no program of the cell")
    }
    let name = SHA256.hex(programs.map(key).joined())
    let digest = SHA256.hex(try Data(contentsOf: built))
    guard rename(built.path, file(name).path) == 0 else {
      throw POSIXFailure(action: "keep the compiled cell as", path: file(name).path)
    }
    for (entry, program) in programs.enumerated() {
      try store.setRecord(
        recordPath(key(program)), ProgramRecord(executable: name, sha256: digest, entry: isShared ? entry : nil))
    }
    return result.output
  }
}
