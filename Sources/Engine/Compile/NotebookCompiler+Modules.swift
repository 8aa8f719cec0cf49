import Foundation
import Wire

/// A record of the Clang modules that were built for compilers in the sandbox, which can't build them.
struct SandboxModules: Codable, Sendable {
  /// A digest of the compiler and the library that they were built with.
  var identity: String
  /// The names of the Swift modules whose imports were built.
  var names: Set<String> = []
  /// The names for which there is no module.
  var absent: Set<String> = []

  static let record = "sandbox-modules-made"
}

extension NotebookCompiler {
  /// Has the compiler build the Clang modules that a notebook's imports need. In the sandbox, the module cache can
  /// only be read.
  ///
  /// This runs outside the sandbox. The compiler reads nothing of the notebook but the names of modules, and looks
  /// for them only among its own and Labbook's. Nothing else writes to that folder, so the modules don't change while
  /// a sandboxed compiler reads them.
  func makeModules(for notebook: Notebook) async throws {
    guard sandbox != nil else { return }
    let imported = notebook.cells.flatMap(\.analysis.imports).flatMap { text in
      text.matches(of: #/\bimport\s+(?:(?:struct|class|enum|protocol|typealias|func|let|var)\s+)?([A-Za-z_]\w*)/#)
        .map { String($0.1) }
    }
    let names = Set(imported + ["Cell", "Core", "Foundation", "Glibc", "Plot"])
    if madeModules.has(names) { return }
    try await makeModules(names)
  }

  /// Runs a compiler in the sandbox. If a module is out of date, for example because a system header was updated, the
  /// modules are built again, and the compiler runs a second time.
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

  /// Builds the modules for these names and for all earlier ones, if they are missing or out of date.
  private func makeModules(_ more: Set<String>) async throws {
    let lock = try await StoreLock.acquire(at: moduleCache.appendingPathComponent(".lock").path)
    defer { lock.release() }
    var made = madeModules
    if !more.isEmpty, made.has(more) { return }
    made.names.formUnion(more.subtracting(made.absent))
    let folder = try store.temporaryFolder("modules")
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent(Self.sharedSource)
    // The compiler's errors name the modules that don't exist; they are left out of the next round.
    for _ in 0..<5 {
      try Data(made.names.sorted().map { "import \($0)\n" }.joined().utf8).write(to: file)
      let arguments = ["-frontend", "-typecheck"] + moduleArguments + ["-target", toolchain.target, Self.sharedSource]
      let compile = try await steps([Self.sharedSource]).commands[0]
      // Type-checking and compiling use different module files, so both are built. Nothing is linked.
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
