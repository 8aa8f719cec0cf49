extension CellPlan {
  /// One line for each cell that runs, or may run, before the cell that was asked for.
  package func announcements(asked: String) -> [String] {
    items.filter { $0.cell != asked }.compactMap { item in
      let time = item.seconds.map { ", about \(ProgressDisplay.time($0))" } ?? ""
      return switch item.state {
      case .fresh: nil
      case .stale(let change): "\(item.cell) runs first: \(change.summary)\(time)"
      case .depends: "\(item.cell) may run first\(time)"
      }
    }
  }

  /// One line for each cell, and one for the whole run.
  package var text: String { text(on: nil) }

  /// One line for each cell, and one for the whole run.
  /// - Parameter cluster: The cluster on which stale cells would run as jobs; nil for this machine.
  package func text(on cluster: Cluster?) -> String {
    /// The resources that a cell would request on the cluster.
    func job(_ item: Item) -> String {
      guard let cluster else { return "" }
      let resources = (item.resources ?? CellResources()).completed(by: cluster.defaults)
      return "  job: \(resources.text ?? "what \(cluster.name) gives")"
    }
    let width = items.map { $0.cell.displayColumns }.max() ?? 0
    var lines = items.map { item in
      let time = item.seconds.map { "  about \(ProgressDisplay.time($0))" } ?? ""
      return switch item.state {
      case .fresh: "\(item.cell.padded(to: width))  fresh"
      case .stale(let change): "\(item.cell.padded(to: width))  runs: \(change.summary)\(time)\(job(item))"
      case .depends(let cells):
        "\(item.cell.padded(to: width))  runs if \(cells.joined(separator: ", ")) "
          + "\(cells.count == 1 ? "gives" : "give") a new result\(time)\(job(item))"
      }
    }
    let pending = items.filter { if case .fresh = $0.state { false } else { true } }
    let known = pending.compactMap(\.seconds).reduce(0, +)
    let unknown = pending.filter { $0.seconds == nil }.count
    if pending.isEmpty {
      lines.append("Nothing would run.")
    } else {
      let unit = cluster == nil ? "cell" : "job"
      let cells = pending.count == 1 ? "1 \(unit)" : "up to \(pending.count) \(unit)s"
      let time = known > 0 ? ", about \(ProgressDisplay.time(known))" : ""
      let place = cluster.map { " on \($0.name)" } ?? ""
      lines.append("\(cells)\(place)\(time)\(unknown > 0 ? "; \(unknown) never timed" : "")")
    }
    return lines.joined(separator: "\n")
  }
}

extension CellPlan.Item {
  /// The changed parts of the cell's key, each with its old and its new content.
  package var explanation: String {
    switch state {
    case .fresh:
      return "\(cell) is fresh: none of its inputs has changed."
    case .depends(let cells):
      return "\(cell) runs if \(cells.joined(separator: ", ")) \(cells.count == 1 ? "gives" : "give") a new result."
    case .stale(let change):
      let head = "\(cell) runs: \(change.summary)."
      return ([head] + change.parts.map(\.difference)).joined(separator: "\n")
    }
  }
}

extension CellChange.Part {
  /// The text `name: old -> new`, or changed lines marked by - and + where there are several.
  package var difference: String {
    let before = (old ?? "").split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let after = (new ?? "").split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard before.count > 1 || after.count > 1 else {
      return "  \(kind.name): \(old ?? "nothing") -> \(new ?? "nothing")"
    }
    let changes = after.difference(from: before)
    let removed = changes.removals.compactMap { change -> (Int, String)? in
      if case .remove(let offset, let line, _) = change { (offset, "    - \(line)") } else { nil }
    }
    let inserted = changes.insertions.compactMap { change -> (Int, String)? in
      if case .insert(let offset, let line, _) = change { (offset, "    + \(line)") } else { nil }
    }
    return (["  \(kind.name):"] + (removed + inserted).sorted { $0.0 < $1.0 }.map(\.1)).joined(separator: "\n")
  }
}
