import ArgumentParser
import Engine

/// `labbook check`: parses and type-checks a notebook, and runs nothing.
struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Parses and type-checks a notebook; runs nothing.")

  @OptionGroup var source: NotebookArgument

  func run() async throws {
    try await reportingErrors {
      let notebook = try source.read()
      let run = try await NotebookRun(notebook, store: Store(beside: notebook.folder))
      printDiagnostics(notebook.warnings + run.checked.warnings)
      let count = notebook.cells.count
      print("\(notebook.file): \(count) cell\(count == 1 ? "" : "s"), no errors")
    }
  }
}
