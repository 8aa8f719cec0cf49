/// A notebook whose cells are analysed and type-checked, but not run. Its plan, its cells' keys and the order of a
/// run follow from it and from the content of a store.
package struct CheckedNotebook: Sendable {
  package let notebook: Notebook
  /// The cells that a run evaluates.
  package let evaluatedCells: [NotebookCell]
  package let graph: CellGraph
  package let prose: NotebookProse
  /// Swift types of top-level values by name.
  package let types: [String: String]
  /// The compiler's warnings.
  package let warnings: [Diagnostic]
  /// The library that cells link.
  package let library: LibraryIdentity
  /// The compiler's version.
  package let compiler: String

  /// The name of the unit that evaluates the prose's inline expressions.
  package static let proseName = "text"

  package init(
    _ notebook: Notebook, types: [String: String] = [:], warnings: [Diagnostic] = [], library: LibraryIdentity,
    compiler: String
  ) {
    self.notebook = notebook
    self.types = types
    self.warnings = warnings
    self.library = library
    self.compiler = compiler
    evaluatedCells = notebook.cells.filter(\.options.evaluate)
    graph = CellGraph(evaluatedCells, file: notebook.file, types: types)
    prose = NotebookProse(notebook, graph)
  }

  package func proseProgram(_ items: [NotebookProse.Item]) -> CellProgram {
    CellProgram(items.map(\.expression), of: notebook, needs: NotebookProse.needs(of: items), types: types)
  }
}

extension NotebookCompiler {
  /// Analyses and type-checks a notebook.
  /// - Parameter meanwhile: Called before the compiler is started, with a preliminary version of the checked
  ///   notebook: its types are those of the last check.
  /// - Throws: `NotebookError` with all errors.
  package func checked(
    _ notebook: Notebook, meanwhile: (CheckedNotebook) -> Void = { _ in }
  ) async throws -> CheckedNotebook {
    func checked(_ types: [String: String], _ warnings: [Diagnostic] = []) -> CheckedNotebook {
      CheckedNotebook(
        notebook, types: types, warnings: warnings, library: library.identity, compiler: toolchain.version)
    }
    let untyped = checked([:])
    async let preparation: Void = prepare()
    try await makeModules(for: notebook)
    try await requireSyntax(of: notebook)
    if !untyped.graph.diagnostics.isEmpty { throw NotebookError(untyped.graph.diagnostics) }
    let prose = NotebookProse.needs(of: untyped.prose.items)
    let check = try await check(notebook, untyped.graph, prose: prose) { types in
      // Before the first check no types are known, and the check then has both cores to itself.
      if !types.isEmpty { meanwhile(checked(types)) }
    }
    await preparation
    return checked(check.types, check.warnings)
  }
}
