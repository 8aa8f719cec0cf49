@_spi(Runner) import Cell

/// What a run would do, as far as can be told without running.
struct CellPlan: Sendable {
  enum State: Sendable {
    case fresh
    /// It would run, because of this.
    case stale(CellChange)
    /// Whether it runs depends on what these cells give.
    case depends(on: [String])
  }

  struct Item: Sendable {
    var cell: String
    var state: State
    /// How long it took last time.
    var seconds: Double?
  }

  var items: [Item]
}

/// Why a cell's stored result is not its result any more.
struct CellChange: Sendable {
  /// A part of the key, before and now; nil where there was or is none.
  struct Part: Sendable {
    var name: String
    var old: String?
    var new: String?
  }

  /// The cell has never run to its end, so there is nothing to compare.
  var isFirstRun: Bool
  var parts: [Part]

  /// A few words: "its code changed", "`data` changed, width changed".
  var summary: String {
    if isFirstRun { return "never run" }
    if parts.isEmpty { return "its result is no longer in the store" }
    return parts.map { part in
      switch part.name {
      case "code": "its code changed"
      case "imports": "the imports changed"
      case _ where part.name.hasPrefix("value "): "`\(part.name.dropFirst(6))` changed"
      case _ where part.name.hasPrefix("declaration "): "`\(part.name.dropFirst(12))` changed"
      case _ where part.name.hasPrefix("parameter "): "the parameter `\(part.name.dropFirst(10))` changed"
      case _ where part.name.hasPrefix("file "): "\(part.name.dropFirst(5)) changed"
      default: "the \(part.name) changed"
      }
    }.joined(separator: ", ")
  }
}

extension NotebookRun {
  /// What `run` would do now.
  /// - Parameter only: A cell to which the run is restricted, with what it needs.
  func plan(only: String? = nil) -> CellPlan {
    let latest = store.latest(notebook.name)
    let wanted = only.map { Set(graph.ancestors(of: $0) + [$0]) }
    var outcomes: [String: CellOutcome] = [:]
    var items: [CellPlan.Item] = []
    for cell in evaluatedCells where wanted?.contains(cell.name) ?? true {
      let needed = graph.needs[cell.name]?.cells ?? []
      let unknown = evaluatedCells.map(\.name).filter { needed.contains($0) && outcomes[$0] == nil }
      let state: CellPlan.State
      if !unknown.isEmpty {
        // New code makes a cell stale whatever the cells above it give.
        let code = latest[cell.name].map { change(of: cell, from: $0, to: nil) }
        state =
          code.map { $0.parts.isEmpty } ?? false
          ? .depends(on: unknown) : .stale(code ?? .init(isFirstRun: true, parts: []))
      } else if let key = try? key(of: cell, outcomes) {
        if let stored = stored(key) {
          outcomes[cell.name] = .fresh(stored)
          state = .fresh
        } else {
          state = .stale(
            latest[cell.name].map { change(of: cell, from: $0, to: key) } ?? .init(isFirstRun: true, parts: []))
        }
      } else {
        state = .stale(.init(isFirstRun: latest[cell.name] == nil, parts: []))
      }
      items.append(CellPlan.Item(cell: cell.name, state: state, seconds: latest[cell.name]?.seconds))
    }
    return CellPlan(items: items)
  }

  /// Which parts of a cell's key differ from those of a stored result.
  /// - Parameter key: The key now; nil compares only the parts that don't depend on other cells' results.
  func change(of cell: NotebookCell, from result: CellResult, to key: CellKey?) -> CellChange {
    let new = key ?? independentKey(of: cell)
    let names =
      new.parts.map(\.name)
      + result.key.parts.map(\.name).filter { name in
        !new.parts.contains { $0.name == name } && (key != nil || !name.hasPrefix("value "))
      }
    var parts = names.compactMap { name -> CellChange.Part? in
      let before = result.key.parts.first { $0.name == name }
      let now = new.parts.first { $0.name == name }
      return before?.content == now?.content ? nil : .init(name: name, old: before?.text, new: now?.text)
    }
    for file in result.files {
      let digest = fileDigest(file.path)
      if digest != file.sha256 {
        parts.append(
          .init(
            name: "file \(file.path)", old: String(file.sha256.prefix(12)), new: digest.map { String($0.prefix(12)) }))
      }
    }
    return CellChange(isFirstRun: false, parts: parts)
  }

  private func independentKey(of cell: NotebookCell) -> CellKey {
    CellKey(
      code: cell.analysis.tokens, source: cell.source, needs: graph.needs[cell.name] ?? CellGraph.Needs(), values: [:],
      notebook: notebook, cell: cell.name, depends: (try? depends(cell)) ?? [:], compiler: compiler)
  }
}
