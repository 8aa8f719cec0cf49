@_spi(Runner) import Cell
import Foundation

/// Type-checks notebooks and compiles cells, each at most once for the same text, compiler and library.
struct NotebookCompiler: Sendable {
  /// What a check found.
  struct Check: Codable, Sendable {
    /// Swift types of the notebook's top-level values by name.
    var types: [String: String]
    var warnings: [Diagnostic]
  }

  let toolchain: SwiftToolchain
  let library: CellLibrary
  let store: Store

  init(store: Store) async throws {
    self.store = store
    toolchain = try await SwiftToolchain.find(store: store)
    library = try CellLibrary.find(store: store)
    for module in CellLibrary.internalModules {
      let folder = standIns.appendingPathComponent(module)
      let map = folder.appendingPathComponent("module.modulemap")
      if FileManager.default.fileExists(atPath: map.path) { continue }
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data("module \(module) {}\n".utf8).writeDurably(to: map)
    }
  }

  /// The files of Labbook and of the compiler, by which a new version of either is noticed.
  var files: [String] {
    let executables = ["labbook", "labbook-runner"].map {
      URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        .appendingPathComponent($0)
    }
    let frontend = URL(fileURLWithPath: toolchain.compiler).deletingLastPathComponent().appendingPathComponent(
      "swift-frontend")
    return (executables + [library.folder.appendingPathComponent("libLabbookCell.so"), frontend]).map(\.path)
      + [toolchain.compiler]
  }

  private var standIns: URL { store.folder.appendingPathComponent("modules") }

  private var moduleArguments: [String] {
    ["-swift-version", "5", "-module-name", "Notebook", "-I", library.modules.path, "-I", standIns.path]
      + ["-diagnostic-style", "llvm"]
  }

  private var linkArguments: [String] {
    ["-L", library.folder.path, "-lLabbookCell", "-Xlinker", "-rpath", "-Xlinker", library.folder.path]
  }

  /// The shell command that compiles a tangled notebook, saved as `name.swift`.
  func scriptCommand(_ name: String) -> String {
    (["swiftc", "-O"] + moduleArguments.dropLast(2) + ["\(name).swift", "-o", name] + linkArguments)
      .map { $0.allSatisfy { $0.isLetter || $0.isNumber || "-_./=".contains($0) } ? $0 : "'\($0)'" }
      .joined(separator: " ")
  }

  /// Has the compiler parse every cell that did not parse, each alone, so that a brace that is never closed does not
  /// reach into the next one.
  /// - Throws: `NotebookError` with its errors at the notebook's places.
  func requireSyntax(of notebook: Notebook) async throws {
    var errors: [Diagnostic] = []
    for cell in notebook.cells where cell.options.evaluate && cell.analysis.hasSyntaxError {
      let folder = try store.temporaryFolder("parse")
      defer { try? FileManager.default.removeItem(at: folder) }
      let file = folder.appendingPathComponent("main.swift")
      try Data(
        "#sourceLocation(file: \(notebook.file.jsonLiteral), line: \(cell.sourceLine))\n\(cell.source)\n#sourceLocation()\n"
          .utf8
      )
      .write(to: file)
      let result = try await Tool.run(
        toolchain.compiler, ["-frontend", "-parse", "-diagnostic-style", "llvm", "main.swift"], in: folder)
      let program = NotebookProgram(notebook)
      errors += CompilerDiagnostics.diagnostics(CompilerDiagnostics.parse(result.output), for: notebook) { message in
        // What is missing at the cell's end is not missing in the line after it.
        guard let last = cell.sourceLines.last, message.line > last else { return program.undoRenaming(message) }
        var message = message
        message.line = last
        message.column = notebook.sourceLines[last - 1].utf8.count + 1
        return message
      }.filter { $0.severity == .error }
    }
    if !errors.isEmpty { throw NotebookError(errors) }
  }

  /// Type-checks the whole notebook as one script.
  /// - Parameters:
  ///   - graph: The notebook's graph, without diagnostics.
  ///   - prose: What inline expressions need.
  /// - Throws: `NotebookError` with the compiler's errors at the notebook's places.
  func check(_ notebook: Notebook, _ graph: CellGraph, prose: CellGraph.Needs) async throws -> Check {
    let program = NotebookProgram(notebook)
    var users: [String: String] = [:]
    for cell in notebook.cells.reversed() {
      for value in (graph.needs[cell.name]?.values ?? [:]).keys { users[value] = "the cell \"\(cell.name)\"" }
    }
    for value in prose.values.keys where users[value] == nil { users[value] = "the text" }
    let text = program.checked(handedOn: users.keys.sorted())

    let key = SHA256.hex([text, toolchain.version, library.fingerprint].joined(separator: "\0"))
    if let check = store.record("checks/\(key)", as: Check.self) { return check }

    let folder = try store.temporaryFolder("check")
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(text.utf8).write(to: folder.appendingPathComponent("main.swift"))
    let result = try await Tool.run(
      toolchain.compiler,
      ["-frontend", "-emit-module"] + moduleArguments + ["-target", toolchain.target]
        + ["main.swift", "-o", "Notebook.swiftmodule"], in: folder)
    let messages = CompilerDiagnostics.parse(result.output)
    let found = CompilerDiagnostics.diagnostics(messages, for: notebook, undo: program.undoRenaming)
    if !result.succeeded {
      var errors = found.filter { $0.severity == .error }
      errors += notHandedOn(messages, notebook, graph, users: users)
      if errors.isEmpty { errors = [.error("the notebook does not compile:\n\(result.output)")] }
      throw NotebookError(errors)
    }
    let check = Check(types: try await types(in: folder), warnings: found.filter { $0.severity == .warning })
    try? store.setRecord("checks/\(key)", check)
    return check
  }

  /// The declared types of the module's top-level values, by the compiler's symbol graph.
  private func types(in folder: URL) async throws -> [String: String] {
    let result = try await Tool.run(
      toolchain.symbolGraphExtractor,
      ["-module-name", "Notebook", "-I", ".", "-I", library.modules.path, "-I", standIns.path]
        + ["-target", toolchain.target, "-minimum-access-level", "internal", "-output-dir", "."], in: folder)
    struct SymbolGraph: Decodable {
      struct Symbol: Decodable {
        struct Kind: Decodable { var identifier: String }
        struct Fragment: Decodable { var spelling: String }
        var kind: Kind
        var pathComponents: [String]
        var declarationFragments: [Fragment]
      }
      var symbols: [Symbol]
    }
    guard let data = FileManager.default.contents(atPath: folder.appendingPathComponent("Notebook.symbols.json").path)
    else {
      throw NotebookError("the compiler's symbol graph can't be had: \(result.output)")
    }
    var types: [String: String] = [:]
    for symbol in try JSONDecoder().decode(SymbolGraph.self, from: data).symbols
    where symbol.kind.identifier == "swift.var" && symbol.pathComponents.count == 1 {
      let declaration = symbol.declarationFragments.map(\.spelling).joined()
      guard let colon = declaration.range(of: ": ") else { continue }
      types[symbol.pathComponents[0]] = String(declaration[colon.upperBound...])
    }
    return types
  }

  /// Errors of values that other cells use and that are not `Codable`, at the values' definitions.
  private func notHandedOn(
    _ messages: [CompilerDiagnostics.Message], _ notebook: Notebook, _ graph: CellGraph, users: [String: String]
  ) -> [Diagnostic] {
    // A type that is neither Encodable nor Decodable gives two messages.
    var seen: Set<String> = []
    return messages.compactMap { message in
      let prefix = NotebookProgram.handedOnFile + "/"
      guard message.severity == .error, message.file.hasPrefix(prefix), seen.insert(message.file).inserted else {
        return nil
      }
      let name = String(message.file.dropFirst(prefix.count))
      guard let cell = graph.definingCell[name].flatMap({ notebook[cell: $0] }),
        let value = cell.analysis.values.first(where: { $0.name == name })
      else { return nil }
      let quoted = message.text.matches(of: #/'([^']*)'/#).map { String($0.1) }
      let type = quoted.last { $0 != "Encodable" && $0 != "Decodable" && $0 != "Codable" } ?? "its type"
      return .error(
        "`\(name)` can't be handed on: \(users[name] ?? "another cell") uses it, and `\(type)` is not Codable",
        at: cell.place(value.position, file: notebook.file),
        remedy: "Make the type Codable (`struct Name: Codable`), or build the value in the cell that uses it.")
    }
  }

  /// The digest under which a program's executable is kept.
  private func key(_ program: CellProgram) -> String {
    SHA256.hex([program.main, program.declarations, toolchain.version, library.fingerprint].joined(separator: "\0"))
  }

  private func executable(_ key: String) -> URL {
    store.folder.appendingPathComponent("programs/\(key)")
  }

  /// The program's executable if it was compiled before and is as it was then.
  func compiled(_ program: CellProgram) -> URL? {
    let key = key(program)
    let executable = executable(key)
    guard let digest = store.record("programs/\(key).digest", as: [String].self)?.first,
      let data = FileManager.default.contents(atPath: executable.path)
    else { return nil }
    if SHA256.hex(data) == digest { return executable }
    store.discard(executable)
    return nil
  }

  /// Compiles a cell's program, or finds it compiled.
  /// - Returns: The executable.
  /// - Throws: `NotebookError` with the compiler's errors at the notebook's places.
  func compile(_ program: CellProgram, for notebook: Notebook) async throws -> URL {
    let key = key(program)
    let lock = try await StoreLock.acquire("program-\(key)", in: store)
    defer { lock.release() }
    if let executable = compiled(program) { return executable }
    let folder = try store.temporaryFolder("compile")
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(program.main.utf8).write(to: folder.appendingPathComponent("main.swift"))
    try Data(program.declarations.utf8).write(to: folder.appendingPathComponent("Declarations.swift"))
    let result = try await Tool.run(
      toolchain.compiler,
      ["-O", "-whole-module-optimization", "-gline-tables-only"] + moduleArguments
        + ["main.swift", "Declarations.swift", "-o", "cell"] + linkArguments + toolchain.quickLinker, in: folder)
    guard result.succeeded else {
      let errors = CompilerDiagnostics.diagnostics(CompilerDiagnostics.parse(result.output), for: notebook)
        .filter { $0.severity == .error }
      throw NotebookError(errors.isEmpty ? [.error("the cell does not compile:\n\(result.output)")] : errors)
    }
    let built = folder.appendingPathComponent("cell")
    try store.setRecord("programs/\(key).digest", [SHA256.hex(try Data(contentsOf: built))])
    guard rename(built.path, executable(key).path) == 0 else {
      throw POSIXFailure(action: "keep the compiled cell as", path: executable(key).path)
    }
    return executable(key)
  }
}
