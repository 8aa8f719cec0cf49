import ArgumentParser
import Basics
import Engine

/// `labbook why`: shows which parts of a cell's key changed.
struct WhyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "why", abstract: "Shows why a cell would run: the changes since its stored result, old and new.")

  @OptionGroup var source: NotebookArgument

  @Argument(help: "The cell's name.")
  var cell: String

  func run() async throws {
    try await reportingErrors {
      let notebook = try source.read()
      try notebook.requireCell(cell)
      let run = try await NotebookRun(notebook, store: Store(beside: notebook.folder))
      guard let item = run.plan(only: cell).items.last else { return }
      print(item.explanation.visibleLines)
      printNotices(run.store)
    }
  }
}
