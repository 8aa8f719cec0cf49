import ArgumentParser
import Engine

/// `labbook tangle`: prints the notebook as one plain Swift script.
struct TangleCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tangle", abstract: "Prints the notebook's cells as one Swift script.")

  @OptionGroup var source: NotebookArgument

  func run() async throws {
    try await reportingErrors {
      let notebook = try source.read()
      let graph = CellGraph(notebook.cells, file: notebook.file)
      if !graph.diagnostics.isEmpty { throw NotebookError(graph.diagnostics) }
      let compiler = try await NotebookCompiler(store: Store(beside: notebook.folder))
      try await compiler.requireSyntax(of: notebook)
      print("// Compile: \(compiler.scriptCommand(notebook.name))")
      print(NotebookProgram(notebook).tangled, terminator: "")
    }
  }
}
