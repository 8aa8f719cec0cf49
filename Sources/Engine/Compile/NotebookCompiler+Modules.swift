import Foundation
import Wire

/// The modules of C libraries that compilers in the sandbox read and can't make.
struct SandboxModules: Codable, Sendable {
  /// Of which compiler and library they are.
  var identity: String
  /// Names of modules that were imported to make them.
  var names: Set<String> = []
  /// Names of which there is no module.
  var absent: Set<String> = []

  static let record = "sandbox-modules-made"
}

extension NotebookCompiler {
  /// Has the compiler build the Clang modules that a notebook's imports need. In the sandbox, the module cache can
  /// only be read.
  ///
<<<<<<< HEAD
  /// Outside, where this runs, the compiler sees nothing of the notebook but the names of modules, and looks for them
  /// among its own and Labbook's only. Nothing else writes to that folder, so that what a sandboxed compiler reads stays
  /// as it is.
=======
  /// This runs outside the sandbox. The compiler reads nothing of the notebook but the names of modules, and looks
  /// for them only among its own and Labbook's.
>>>>>>> origin/main
  func makeModules(for notebook: Notebook) async throws {
    guard sandbox != nil else { return }
    let imported = notebook.cells.flatMap(\.analysis.imports).compactMap { line in
      line.firstMatch(of: #/\bimport\s+(?:(?:struct|class|enum|protocol|typealias|func|let|var)\s+)?([A-Za-z_]\w*)/#)
        .map { String($0.1) }
    }
    let names = Set(imported + ["Cell", "Core", "Foundation", "Glibc", "Plot"])
    if madeModules.has(names) { return }
    try await makeModules(names)
  }

  /// Runs a compiler in the sandbox, and once more with new modules if it finds one out of date, as all are when a
  /// header of the system was updated.
  func withModules(_ run: () async throws -> Tool.Result) async throws -> Tool.Result {
    let result = try await run()
    guard sandbox != nil, !result.succeeded, result.output.contains(moduleCache.path) else { return result }
    try await makeModules([])
    return try await run()
  }

  private var madeModules: SandboxModules {
    let identity = [toolchain.version, library.identity.fingerprint, moduleCache.path].joined(separator: "\0")
    let digest = SHA256.hex(identity)
    let made: SandboxModules? = cache.record(SandboxModules.record)
    return made.flatMap { $0.identity == digest ? $0 : nil } ?? SandboxModules(identity: digest)
  }

  /// Makes the modules of these names and of those before, as far as they are missing or out of date.
  private func makeModules(_ more: Set<String>) async throws {
    let lock = try await StoreLock.acquire(at: moduleCache.appendingPathComponent(".lock").path)
    defer { lock.release() }
    var made = madeModules
    if !more.isEmpty, made.has(more) { return }
    made.names.formUnion(more.subtracting(made.absent))
    let folder = try store.temporaryFolder("modules")
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent(Self.sharedSource)
<<<<<<< HEAD
    // Each round tells of names without a module.
    for _ in 0..<5 {
      try Data(made.names.sorted().map { "import \($0)\n" }.joined().utf8).write(to: file)
      let arguments = ["-frontend", "-typecheck"] + moduleArguments + ["-target", toolchain.target, Self.sharedSource]
=======
    // If one of the modules doesn't exist, the others are built one by one.
    for names in [names] + names.map({ [$0] }) {
      try Data(names.map { "import \($0)\n" }.joined().utf8).write(to: file)
      // Type-checking and compiling use different module files, so both are built. Nothing is linked.
      let check = try await Tool.run(
        toolchain.frontend,
        ["-frontend", "-typecheck"] + moduleArguments + ["-target", toolchain.target, Self.sharedSource], in: folder)
>>>>>>> origin/main
      let compile = try await steps([Self.sharedSource]).commands[0]
      // Checking and compiling each have modules of their own. There is no program in this to be linked.
      async let checked = Tool.run(toolchain.frontend, arguments, in: folder)
      async let compiled = CompilationSteps(commands: [compile]).run(in: folder)
      let results = try await [checked, compiled]
      let absent = results.flatMap { $0.output.matches(of: #/no such module '(\w+)'/#).map { String($0.1) } }
      made.names.subtract(absent)
      made.absent.formUnion(absent)
      if absent.isEmpty { break }
    }
    try? cache.setRecord(SandboxModules.record, made)
  }
}

extension SandboxModules {
  fileprivate func has(_ wanted: Set<String>) -> Bool { wanted.isSubset(of: names.union(absent)) }
}
