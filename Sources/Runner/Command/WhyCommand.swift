import ArgumentParser
import Engine

/// `labbook why`: which part of a cell's key changed.
struct WhyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "why", abstract: "Says why a cell would run: what changed since its stored result, old and new.")

  @OptionGroup var source: NotebookArgument

  @Argument(help: "The cell's name.")
  var cell: String

  func run() async throws {
    try await reportingErrors {
      let notebook = try source.read()
      try notebook.requireCell(cell)
      let run = try await NotebookRun(notebook, store: Store(beside: notebook.folder))
      guard let item = run.plan(only: cell).items.last else { return }
      print(item.explanation)
      printNotices(run.store)
    }
  }
}

extension CellPlan.Item {
  /// What changed, each part with its old and its new content.
  var explanation: String {
    switch state {
    case .fresh:
      return "\(cell) is fresh: nothing that goes into it has changed."
    case .depends(let cells):
      return "\(cell) runs if \(cells.joined(separator: ", ")) \(cells.count == 1 ? "gives" : "give") something else."
    case .stale(let change):
      let head = "\(cell) runs: \(change.summary)."
      return ([head] + change.parts.map(\.difference)).joined(separator: "\n")
    }
  }
}

extension CellChange.Part {
  /// `name: old -> new`, or changed lines with - and + where there are several.
  var difference: String {
    let before = (old ?? "").split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let after = (new ?? "").split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard before.count > 1 || after.count > 1 else { return "  \(name): \(old ?? "nothing") -> \(new ?? "nothing")" }
    let changes = after.difference(from: before)
    let removed = changes.removals.compactMap { change -> (Int, String)? in
      if case .remove(let offset, let line, _) = change { (offset, "    - \(line)") } else { nil }
    }
    let inserted = changes.insertions.compactMap { change -> (Int, String)? in
      if case .insert(let offset, let line, _) = change { (offset, "    + \(line)") } else { nil }
    }
    return (["  \(name):"] + (removed + inserted).sorted { $0.0 < $1.0 }.map(\.1)).joined(separator: "\n")
  }
}
