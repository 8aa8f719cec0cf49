import Engine
import Foundation
import Wire

/// Prints runs as a table or as JSON.
package struct HistoryText {
  package let lines: [String]

  /// The number of figures that are shown when the user names none.
  private static let shownMetrics = 3

  /// - Parameters:
  ///   - runs: The runs, the newest first.
  ///   - metrics: The names of the figures to show; if empty, the first ones of the newest run that has any.
  package init(_ runs: [HistoryRun], metrics: [String]) {
    let names = metrics.isEmpty ? Array(Self.names(runs).prefix(Self.shownMetrics)) : metrics
    let header = ["run", "when", "notebook", "cells", "time"] + names
    var table = TextTable(header: header, right: Set([0, 4] + names.indices.map { $0 + 5 }))
    for run in runs {
      let figures = names.map { name in run.metrics.first { $0.name == name }?.text ?? "" }
      table.add(
        [
          run.id.map(String.init) ?? "", HistoryRun.time(run.date), run.notebook, Self.cells(run),
          ProgressDisplay.time(run.seconds),
        ] + figures)
    }
    lines = table.lines
  }

  private static func names(_ runs: [HistoryRun]) -> [String] {
    runs.first { !$0.metrics.isEmpty }?.metrics.map(\.name) ?? []
  }

  /// A summary of the cells' states: `3 ran, 2 fresh, 1 failed`.
  private static func cells(_ run: HistoryRun) -> String {
    let counts = [
      ("ran", run.count(.ran)), ("fresh", run.count(.fresh)), ("failed", run.count(.failed)),
      ("not run", run.count(.blocked, .left, .stale)),
    ]
    return counts.filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }.joined(separator: ", ")
  }
}

extension HistoryRun {
  /// The runs as one JSON object a line.
  package func json() throws -> String {
    struct Entry: Encodable {
      struct Cell: Encodable {
        var name: String
        var state: String
        var seconds: Double?
      }

      var run: Int64?
      var date: String
      var notebook: String
      var seconds: Double
      var exit: Int
      var lock: String?
      var cells: [Cell]
      var metrics: [RecordedMetric]
      var parameters: [Parameter]
    }
    let entry = Entry(
      run: id, date: Origin.text(date), notebook: notebook, seconds: seconds, exit: exit, lock: lock,
      cells: cells.map { Entry.Cell(name: $0.name, state: $0.state.rawValue, seconds: $0.seconds) }, metrics: metrics,
      parameters: parameters)
    return String(decoding: try CellJob.encoder.encode(entry), as: UTF8.self)
  }
}
