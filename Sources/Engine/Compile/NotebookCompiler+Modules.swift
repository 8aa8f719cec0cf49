import Foundation
import Wire

extension NotebookCompiler {
  /// Has the compiler build the Clang modules that a notebook's imports need. In the sandbox, the module cache can
  /// only be read.
  ///
  /// This runs outside the sandbox. The compiler reads nothing of the notebook but the names of modules, and looks
  /// for them only among its own and Labbook's.
  func makeModules(for notebook: Notebook) async throws {
    guard sandbox != nil else { return }
    let imported = notebook.cells.flatMap(\.analysis.imports).compactMap { line in
      line.firstMatch(of: #/\bimport\s+(?:(?:struct|class|enum|protocol|typealias|func|let|var)\s+)?([A-Za-z_]\w*)/#)
        .map { String($0.1) }
    }
    let names = Set(imported + ["Cell", "Core", "Foundation", "Glibc", "Plot"]).sorted()
    let parts = [toolchain.version, library.identity.fingerprint, moduleCache.path] + names
    let record = "modules-made-\(SHA256.hex(parts.joined(separator: "\0")).prefix(12))"
    if cache.record(record, as: Bool.self) == true { return }
    let folder = try store.temporaryFolder("modules")
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent(Self.sharedSource)
    // If one of the modules doesn't exist, the others are built one by one.
    for names in [names] + names.map({ [$0] }) {
      try Data(names.map { "import \($0)\n" }.joined().utf8).write(to: file)
      // Type-checking and compiling use different module files, so both are built. Nothing is linked.
      let check = try await Tool.run(
        toolchain.frontend,
        ["-frontend", "-typecheck"] + moduleArguments + ["-target", toolchain.target, Self.sharedSource], in: folder)
      let compile = try await steps([Self.sharedSource]).commands[0]
      let object = try await CompilationSteps(commands: [compile]).run(in: folder)
      if check.succeeded, object.succeeded { break }
    }
    try? cache.setRecord(record, true)
  }
}
