import Basics
import Core
import Foundation
import Wire

/// Type-checks notebooks and compiles cells, each at most once for the same text, compiler and library.
package struct NotebookCompiler: Sendable {
  /// The result of type-checking a notebook.
  package struct Check: Codable, Sendable {
    /// Swift types of the notebook's top-level values by name.
    package var types: [String: String]
    package var warnings: [Diagnostic]

    /// The same result for the notebook under its present path.
    func of(_ notebook: Notebook) -> Check {
      Check(types: types, warnings: warnings.map { $0.placed(in: notebook.file) })
    }
  }

  /// The version of the checks. It changes whenever a check finds more than before, so that old results are not used.
  private static let rules = "7"

  package static let optimized = ["-O", "-whole-module-optimization"]

  /// The arguments that say how far the compiler optimises cells unless another value is set. Labbook's own tests set
  /// `LABBOOK_OPTIMIZATION=none`: unoptimised code takes the compiler half of the time.
  private static let usual =
    ProcessInfo.processInfo.environment["LABBOOK_OPTIMIZATION"] == "none" ? ["-Onone"] : optimized

  package let toolchain: SwiftToolchain
  package let library: CellLibrary
  package let store: Store
  package let cache: UserCache
  private let standIns: URL
  /// The folder in which the compiler keeps the C library's modules. In a sandbox it is read-only.
  let moduleCache: URL

  /// The sandbox in which the compiler runs; nil for none.
  private(set) var sandbox: Sandbox?
  /// The arguments that say how far the compiler optimises cells.
  package var optimization = Self.usual
  /// The layout of the report that the notebook was unpacked from; nil for a notebook of the user's own.
  package var report: ReportLayout?

  /// - Parameter sandbox: The sandbox in which the compiler and the cells run; nil for none.
  package init(store: Store, sandbox: Sandbox? = nil) async throws {
    self.store = store
    let cache = UserCache()
    self.cache = cache
    async let library = CellLibrary.find(cache)
    toolchain = try await SwiftToolchain.find(cache)
    standIns = try CellLibrary.standIns(cache)
    let modules = try cache.subfolder("modules")
    moduleCache = sandbox == nil ? modules : try cache.subfolder("sandbox-modules")
    var found = try await library
    try await found.identify(toolchain, standIns: standIns, moduleCache: modules, cache: cache)
    self.library = found
    files.forEach(FileRegister.note)
    guard let sandbox else { return }
    let toolchain = URL(fileURLWithPath: self.toolchain.compiler).deletingLastPathComponent()
      .deletingLastPathComponent()
    self.sandbox = sandbox.reading(
      [], tools: [toolchain, self.library.folder, self.library.modules, standIns, moduleCache])
  }

  /// The files of Labbook and of the compiler. A new version of either changes one of them.
  package var files: [String] {
    let executables = ["labbook", "labbook-runner"].map {
      URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        .appendingPathComponent($0)
    }
    return (executables + [library.folder.appendingPathComponent("libLabbookCell.so")]).map(\.path)
      + [toolchain.compiler, toolchain.frontend]
  }

  package var moduleArguments: [String] {
    ["-swift-version", "5", "-module-name", "Notebook", "-I", library.modules.path, "-I", standIns.path]
      + ["-module-cache-path", moduleCache.path, "-diagnostic-style", "llvm"]
  }

  package var linkArguments: [String] {
    ["-L", library.folder.path, "-lLabbookCell", "-Xlinker", "-rpath", "-Xlinker", library.folder.path]
  }

  /// The shell command that compiles a tangled notebook, saved as `name.swift`.
  package func scriptCommand(_ name: String) -> String {
    (["swiftc", "-O"] + moduleArguments.dropLast(4) + ["\(name).swift", "-o", name] + linkArguments)
      .map { $0.allSatisfy { $0.isLetter || $0.isNumber || "-_./=".contains($0) } ? $0 : "'\($0)'" }
      .joined(separator: " ")
  }

  /// Has the compiler parse each cell with a syntax error alone, so that an unclosed brace does not extend into the
  /// next cell.
  /// - Throws: `NotebookError` with the compiler's errors at their places in the notebook.
  package func requireSyntax(of notebook: Notebook) async throws {
    var errors: [Diagnostic] = []
    for cell in notebook.cells where cell.options.evaluate && cell.analysis.hasSyntaxError {
      let folder = try store.temporaryFolder("parse")
      defer { try? FileManager.default.removeItem(at: folder) }
      let file = folder.appendingPathComponent("main.swift")
      let start = "#sourceLocation(file: \(notebook.compiledName.swiftLiteral), line: \(cell.sourceLine))"
      try Data("\(start)\n\(cell.source)\n#sourceLocation()\n".utf8).write(to: file)
      let result = try await Tool.run(
        toolchain.frontend, ["-frontend", "-parse", "-diagnostic-style", "llvm", "main.swift"], in: folder,
        sandbox: sandbox)
      let program = NotebookProgram(notebook)
      errors += CompilerDiagnostics.diagnostics(CompilerDiagnostics.parse(result.output), for: notebook) { message in
        // Text that is missing at the cell's end is reported in the next line; it belongs to the cell's last line.
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
  ///   - prose: The needs of the inline expressions.
  ///   - meanwhile: Called before the compiler is started, with the types that values had at the last check of this
  ///     notebook.
  /// - Throws: `NotebookError` with the compiler's errors at their places in the notebook.
  package func check(
    _ notebook: Notebook, _ graph: CellGraph, prose: CellGraph.Needs, meanwhile: ([String: String]) -> Void
  ) async throws -> Check {
    let program = NotebookProgram(notebook)
    var users: [String: String] = [:]
    for cell in notebook.cells.reversed() {
      for value in (graph.needs[cell.name]?.values ?? [:]).keys { users[value] = "the cell \"\(cell.name)\"" }
    }
    for value in prose.values.keys where users[value] == nil { users[value] = "the text" }
    let text = program.checked(handedOn: users.keys.sorted())

    let key = SHA256.hex(
      [text, toolchain.version, library.identity.fingerprint, Self.rules].joined(separator: "\0"))
    if let check = store.record("checks/\(key)", as: Check.self) { return check.of(notebook) }
    if let check = common?.check(key) {
      try? store.setRecord("checks/\(key)", check)
      return check.of(notebook)
    }
    let last = "checks/\(notebook.name).types"
    meanwhile(store.record(last) ?? [:])

    let folder = try store.temporaryFolder("check")
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(text.utf8).write(to: folder.appendingPathComponent("main.swift"))
    var arguments = ["-frontend", "-emit-module"]
    arguments.append("-solver-expression-time-threshold=\(Budgets.expressionSeconds)")
    arguments += moduleArguments + ["-target", toolchain.target]
    arguments += ["-emit-symbol-graph", "-emit-symbol-graph-dir", "."]
    arguments += ["-symbol-graph-minimum-access-level", "private"]
    arguments += ["main.swift", "-o", "Notebook.swiftmodule"]
    let result = try await withModules {
      try await Tool.run(toolchain.frontend, arguments, in: folder, sandbox: sandbox)
    }
    let messages = CompilerDiagnostics.parse(result.output)
    let found = CompilerDiagnostics.diagnostics(messages, for: notebook, undo: program.undoRenaming)
    if !result.succeeded {
      var errors = found.filter { $0.severity == .error } + missingModules(messages, notebook)
      errors += notHandedOn(messages, notebook, graph, users: users)
      if errors.isEmpty { errors = [.error("the notebook does not compile:\n\(result.output)")] }
      throw NotebookError(errors)
    }
    let types = try types(of: notebook, in: folder, result.output)
    let pieces = NotebookPieces(notebook, types: types)
    let errors = pieces.sharedState(users) + (try await pieces.changes(by: self))
    if !errors.isEmpty { throw NotebookError(errors) }
    let warnings =
      try await pieces.confirmed(found.filter { $0.severity == .warning }, by: self) + pieces.processChanges
    let check = Check(types: types, warnings: warnings)
    try? store.setRecord("checks/\(key)", check)
    try? store.setRecord(last, check.types)
    common?.keep(check, as: key)
    return check
  }

  /// Errors at the imports of modules that don't exist.
  private func missingModules(_ messages: [CompilerDiagnostics.Message], _ notebook: Notebook) -> [Diagnostic] {
    messages.compactMap { message in
      guard let match = message.text.firstMatch(of: #/no such module '([^']+)'/#) else { return nil }
      let name = String(match.1)
      let module = NSRegularExpression.escapedPattern(for: name)
      let pattern = "(^|;)\\s*(@\\w+\\s+)*import\\s+(\\w+\\s+)?\(module)\\b"
      let place = notebook.cells.lazy.compactMap { cell -> Place? in
        guard cell.options.evaluate,
          let row = cell.source.components(separatedBy: "\n").firstIndex(where: {
            $0.range(of: pattern, options: .regularExpression) != nil
          })
        else { return nil }
        return cell.place(.init(line: row + 1, column: 1), file: notebook.file)
      }.first
      return .error(
        "there is no module \"\(name)\"", at: place,
        remedy: (nearestName(to: name, among: Self.usualModules).map { "Did you mean \"\($0)\"? " } ?? "")
          + "Cells can import Foundation, the toolchain's other modules (Synchronization, RegexBuilder) and "
          + "Labbook's; packages can't be added.")
    }
  }

  private static let usualModules = [
    "Foundation", "FoundationNetworking", "FoundationXML", "Synchronization", "RegexBuilder", "Dispatch", "Glibc",
    "Core", "Plot", "Numerics", "Networks", "Measure",
  ]

  /// The types of those values that other cells can need, from the compiler's symbol graph of the checked script.
  private func types(of notebook: Notebook, in folder: URL, _ output: String) throws -> [String: String] {
    struct SymbolGraph: Decodable {
      struct Symbol: Decodable {
        struct Fragment: Decodable { var spelling: String }
        var pathComponents: [String]
        var declarationFragments: [Fragment]
      }
      var symbols: [Symbol]
    }
    guard let data = FileManager.default.contents(atPath: folder.appendingPathComponent("Notebook.symbols.json").path)
    else {
      throw NotebookError("the compiler wrote no symbol graph: \(output)")
    }
    let unwrapped = Set(notebook.cells.flatMap(\.analysis.values).filter(\.isImplicitlyUnwrapped).map(\.name))
    var types: [String: String] = [:]
    for symbol in try JSONDecoder().decode(SymbolGraph.self, from: data).symbols {
      guard symbol.pathComponents.count == 1, symbol.pathComponents[0].hasPrefix(NotebookProgram.typePrefix) else {
        continue
      }
      let name = String(symbol.pathComponents[0].dropFirst(NotebookProgram.typePrefix.count))
      let declaration = symbol.declarationFragments.map(\.spelling).joined()
      // In a notebook that awaits at top level, the constant belongs to the main actor: `@MainActor let …`.
      guard let match = declaration.firstMatch(of: #/\blet \w+: (.+)\.Type$/#) else { continue }
      var type = String(match.1)
      if let hidden = type.wholeMatch(of: #/\((some .+)\)/#) { type = String(hidden.1) }
      // The type of an `any P & Q` is an `any (P & Q).Type`.
      if let composition = type.wholeMatch(of: #/any \((.+)\)/#) { type = "any \(composition.1)" }
      if unwrapped.contains(name), type.hasSuffix("?") { type = type.dropLast() + "!" }
      types[name] = type
    }
    return types
  }

  /// Errors at the definitions of values that other cells use and that are not `Codable`.
  private func notHandedOn(
    _ messages: [CompilerDiagnostics.Message], _ notebook: Notebook, _ graph: CellGraph, users: [String: String]
  ) -> [Diagnostic] {
    // A type that is neither Encodable nor Decodable causes two messages.
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
      let protocols: Set = ["Encodable", "Decodable", "Codable", "Copyable"]
      let type = quoted.last { !protocols.contains($0) } ?? "its type"
      return .error(
        "`\(name)` can't be handed on: \(users[name] ?? "another cell") uses it, and `\(type)` is not Codable",
        at: cell.place(value.position, file: notebook.file),
        remedy: Self.remedy(for: type, name))
    }
  }

  private static func remedy(for type: String, _ name: String) -> String {
    if type.contains("->") { return "Make it a function, `func \(name)(…)`: all cells can call it." }
    if type.hasPrefix("(") { return "Hand on its parts, or make it a Codable struct." }
    return switch CellGraph.names(inType: type).first {
    case "any": "Use one type, or an enum with a case for each."
    case "ArraySlice": "Make an array of it: `let \(name) = Array(…)`."
    case "Substring", "Character": "Make a text of it: `let \(name) = String(…)`."
    default: "Make the type Codable (`struct Name: Codable`), or build the value in the cell that uses it."
    }
  }
}
