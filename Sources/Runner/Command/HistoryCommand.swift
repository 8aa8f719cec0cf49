import ArgumentParser
import Engine
import Foundation
import GRDB
import Proof

/// `labbook history`: lists the recorded runs.
struct HistoryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history", abstract: "Lists the runs of a notebook, or of all notebooks of a folder, newest first.",
    discussion: "A run that found everything fresh and changed nothing is not listed.")

  @Argument(help: "A notebook, or a folder of notebooks; the default is the working directory.")
  var notebook: String?

  @Option(help: ArgumentHelp("The number of runs to list.", valueName: "n"))
  var limit = 20

  @Option(help: ArgumentHelp("Show this figure; may be repeated. The default is the first three.", valueName: "name"))
  var metric: [String] = []

  @Flag(help: "Print one JSON object a run, with all its figures, parameters and cells.")
  var json = false

  func validate() throws {
    if limit < 1 { throw ValidationError("--limit must be 1 or more") }
  }

  func run() async throws {
    try await reportingErrors {
      let place = try notebook.map(StorePlace.init) ?? StorePlace()
      let store = try Store(beside: place.folder)
      var runs: [HistoryRun] = []
      do {
        runs = try await HistoryDatabase.existing(store)?.runs(of: place.notebook, limit: limit) ?? []
      } catch let error as DatabaseError {
        throw NotebookError("the history can't be read: \(error.message ?? "\(error)")")
      }
      printNotices(store)
      if json {
        for run in runs { print(try run.json()) }
      } else if runs.isEmpty {
        print("no runs recorded")
      } else {
        print(HistoryText(runs, metrics: metric).lines.joined(separator: "\n"))
      }
    }
  }
}
