import ArgumentParser

/// `labbook check`: parses and type-checks, runs nothing.
struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Parses and type-checks a notebook; runs nothing.")

  @Argument(help: "The notebook, a Markdown file.")
  var notebook: String

  func run() async throws {
    try await reportingErrors {
      let notebook = try Notebook(reading: notebook)
      let run = try await NotebookRun(notebook, store: Store(beside: notebook.folder))
      printDiagnostics(notebook.warnings + run.check.warnings)
      print("\(notebook.file): \(notebook.cells.count) cells, no errors")
    }
  }
}
