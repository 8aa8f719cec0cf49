import ArgumentParser
import Basics
import Engine
import Foundation

/// `labbook plan`: lists the cells that would run, why, and for how long.
struct PlanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Lists which cells would run, why, and how long they took last time.")

  @OptionGroup var source: NotebookArgument

  @Option(help: ArgumentHelp("Plan for this cell and the cells that it needs.", valueName: "name"))
  var cell: String?

  @OptionGroup var place: PlaceArgument

  func run() async throws {
    try await reportingErrors {
      let notebook = try source.read()
      if let cell { try notebook.requireCell(cell) }
      let cluster = try place.cluster(for: notebook)
      let run = try await NotebookRun(notebook, store: Store(beside: notebook.folder))
      let plan = run.plan(only: cell)
      print(plan.text(on: cluster).visibleLines)
      printNotices(run.store)
    }
  }
}
