import ArgumentParser
import Engine

/// `labbook render`: writes the report from stored results.
struct RenderCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render", abstract: "Writes the report from stored results and runs no cell.",
    discussion: """
      Results of an earlier version of a cell or of its inputs are shown and marked as stale; a cell without a \
      result is marked as not run. Exit code 3 says that there are such cells.
      """)

  @OptionGroup var source: NotebookArgument

  func run() async throws {
    try await reportingErrors {
      let status = try await RenderWorkflow(notebook: source.read()).run()
      if status != .success { throw status.code }
    }
  }
}
