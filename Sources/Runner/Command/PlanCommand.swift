import ArgumentParser
import Engine
import Foundation

/// `labbook plan`: what would run, why, and for how long.
struct PlanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Says which cells would run, why, and how long they took last time.")

  @OptionGroup var source: NotebookArgument

  @Option(help: ArgumentHelp("Plan for this cell and what it needs.", valueName: "name"))
  var cell: String?

  func run() async throws {
    try await reportingErrors {
      let notebook = try source.read()
      if let cell { try notebook.requireCell(cell) }
      let run = try await NotebookRun(notebook, store: Store(beside: notebook.folder))
      let plan = run.plan(only: cell)
      print(plan.text)
      printNotices(run.store)
    }
  }
}

extension CellPlan {
  /// A line for each cell that runs, or may run, before the one that was asked for.
  func announcements(asked: String) -> [String] {
    items.filter { $0.cell != asked }.compactMap { item in
      let time = item.seconds.map { ", about \(ProgressDisplay.time($0))" } ?? ""
      return switch item.state {
      case .fresh: nil
      case .stale(let change): "\(item.cell) runs first: \(change.summary)\(time)"
      case .depends: "\(item.cell) may run first\(time)"
      }
    }
  }

  /// A line a cell and a line for the whole.
  var text: String {
    let width = items.map { $0.cell.displayColumns }.max() ?? 0
    var lines = items.map { item in
      let time = item.seconds.map { "  about \(ProgressDisplay.time($0))" } ?? ""
      return switch item.state {
      case .fresh: "\(item.cell.padded(to: width))  fresh"
      case .stale(let change): "\(item.cell.padded(to: width))  runs: \(change.summary)\(time)"
      case .depends(let cells):
        "\(item.cell.padded(to: width))  runs if \(cells.joined(separator: ", ")) \(cells.count == 1 ? "gives" : "give") something else\(time)"
      }
    }
    let pending = items.filter { if case .fresh = $0.state { false } else { true } }
    let known = pending.compactMap(\.seconds).reduce(0, +)
    let unknown = pending.filter { $0.seconds == nil }.count
    if pending.isEmpty {
      lines.append("Nothing would run.")
    } else {
      let cells = pending.count == 1 ? "1 cell" : "up to \(pending.count) cells"
      let time = known > 0 ? ", about \(ProgressDisplay.time(known))" : ""
      lines.append("\(cells)\(time)\(unknown > 0 ? "; \(unknown) never timed" : "")")
    }
    return lines.joined(separator: "\n")
  }
}
