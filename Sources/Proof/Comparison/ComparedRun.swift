import Engine
import Foundation
import Plot
import Wire

/// One side of a comparison: a report, or a run in the history.
package struct ComparedRun: Sendable {
  /// A chart that a cell showed, reduced to its lines.
  package struct Figure: Sendable {
    package var cell: String
    /// The number of the chart in its cell, from 1.
    package var number: Int
    package var chart: Chart
  }

  /// The name that the user gave.
  package var name: String
  /// The notebook's name.
  package var notebook: String
  /// When the newest result was made, or when the run began; nil without results.
  package var date: Date?
  package var language: String
  package var metrics: [RecordedMetric]
  package var parameters: [HistoryRun.Parameter]
  package var figures: [Figure]
}

extension ComparedRun {
  /// Finds a run by the user's name for it: the path of a report (`….html`), the number of a run, `NOTEBOOK` for its
  /// newest run, `NOTEBOOK@-1` for the run before, or `NOTEBOOK@17` for the run with that number.
  /// - Throws: `NotebookError` or `InputError` when nothing is found.
  package init(_ name: String) async throws {
    if ["html", "htm"].contains(URL(fileURLWithPath: name).pathExtension.lowercased()) {
      try self.init(report: name)
      return
    }
    if let data = FileManager.default.contents(atPath: name) { try Notebook.requireKind(of: data, at: name) }
    let place: StorePlace
    var number: Int64?
    if let run = Int64(name) {
      (place, number) = (try StorePlace(), run)
    } else if let at = name.lastIndex(of: "@"), let run = Int64(name[name.index(after: at)...]) {
      (place, number) = (try StorePlace(String(name[..<at])), run)
    } else {
      place = try StorePlace(name)
    }
    let store = try Store(beside: place.folder)
    guard let history = try await HistoryDatabase.existing(store) else {
      throw NotebookError("no run is recorded beside \(place.folder.path)", remedy: "labbook run records every run.")
    }
    let run: HistoryRun?
    if let number, number > 0 {
      run = try await history.run(number).flatMap { place.notebook == nil || place.notebook == $0.notebook ? $0 : nil }
    } else {
      // No history has a million runs.
      let back = Int(min((number ?? 0).magnitude, 1_000_000))
      run = try await history.runs(of: place.notebook, limit: back + 1).dropFirst(back).first
    }
    guard let run else {
      throw NotebookError("the history has no run \(name)", remedy: "labbook history lists them.")
    }
    self.init(run, name: name, store: store)
  }

  private init(report path: String) throws {
    let archive = try ReportArchive(reading: path)
    let lock = try archive.lock(file: path)
    let results = archive.file(.results).flatMap { try? CarriedResults(json: $0.content) } ?? CarriedResults()
    name = path
    notebook = lock.name
    date = lock.date.flatMap { try? Date($0, strategy: .iso8601) }
    language = lock.language
    metrics = lock.metrics
    parameters = lock.parameters.map { HistoryRun.Parameter(name: $0.name, value: $0.shown) }
    figures = lock.cells.flatMap { Self.figures(of: $0.name, results.cells[$0.name]?.outputs ?? []) }
  }

  private init(_ run: HistoryRun, name: String, store: Store) {
    let lock = run.lock.flatMap { store.lock(digest: $0) }
    self.name = name
    notebook = run.notebook
    date = run.date
    language = lock?.language ?? "en"
    metrics = run.metrics
    parameters = run.parameters
    figures = (lock?.cells ?? []).flatMap { cell in
      Self.figures(of: cell.name, cell.result.map { CarriedResults.carried(store.outputs(of: $0)) } ?? [])
    }
  }

  private static func figures(of cell: String, _ outputs: [CellOutput]) -> [Figure] {
    var number = 0
    return outputs.compactMap { output in
      guard case .chart(let chart) = output else { return nil }
      number += 1
      return chart.panels.contains { !$0.layers.isEmpty } ? Figure(cell: cell, number: number, chart: chart) : nil
    }
  }
}

extension ReportLock {
  /// The notebook's name.
  package var name: String { URL(fileURLWithPath: notebook.path).deletingPathExtension().lastPathComponent }
}
