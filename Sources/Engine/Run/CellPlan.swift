/// The cells that a run would execute, as far as this is known without running.
package struct CellPlan: Sendable {
  package enum State: Sendable {
    case fresh
    /// The cell would run, because of this change.
    case stale(CellChange)
    /// Whether the cell runs depends on the results of these cells.
    case depends(on: [String])
  }

  package struct Item: Sendable {
    package var cell: String
    package var state: State
    /// The duration of its last run, in seconds.
    package var seconds: Double?
    /// The resources that the cell requests as a job.
    package var resources: CellResources?
  }

  package var items: [Item]
}

/// The reasons why a cell's stored result is no longer current.
package struct CellChange: Sendable {
  /// The old and new content of one key part; nil if it was added or removed.
  package struct Part: Sendable {
    package var kind: KeyPart
    package var old: String?
    package var new: String?
  }

  /// Whether the cell has never run to its end, so that there is nothing to compare.
  package var isFirstRun: Bool
  /// Whether the cell failed as expected when it last ran in this version. Such cells always run again.
  package var isExpectedFailure = false
  /// Whether it is about the inline values of the text.
  package var isOfProse = false
  package var parts: [Part]

  /// A short text: "its code changed", "`data` changed, width changed".
  package var summary: String {
    if isExpectedFailure { return "its failure is expected and not kept" }
    if isOfProse { return "its values are not stored" }
    if isFirstRun { return "never run" }
    if parts.isEmpty { return "its result is no longer in the store" }
    return parts.map(\.kind.change).joined(separator: ", ")
  }
}

extension CheckedNotebook {
  /// The plan of a run now.
  /// - Parameters:
  ///   - only: The cell to which the run is restricted, together with the cells that it needs.
  ///   - store: The store with the results of earlier runs.
  package func plan(only: String? = nil, in store: Store) -> CellPlan {
    let latest = store.latest(notebook.name)
    let wanted = only.map { Set(graph.ancestors(of: $0) + [$0]) }
    var outcomes: [String: CellRecord] = [:]
    var items: [CellPlan.Item] = []
    for cell in evaluatedCells where wanted?.contains(cell.name) ?? true {
      let needed = graph.needs[cell.name]?.cells ?? []
      let unknown = graph.inOrder(needed.filter { outcomes[$0] == nil })
      let state: CellPlan.State
      if !unknown.isEmpty {
        // New code makes a cell stale whatever its inputs are, unless an earlier run had the same code.
        let code = latest[cell.name].map { change(of: cell, from: $0, to: nil) }
        let isKnown = code.map { $0.parts.isEmpty } ?? false || store.hasVersion(independentKey(of: cell))
        state = isKnown ? .depends(on: unknown) : .stale(code ?? .init(isFirstRun: true, parts: []))
      } else if let key = try? key(of: cell, outcomes) {
        if let stored = stored(key, of: cell.name, isPinned: cell.options.pinned, latest: latest, in: store) {
          outcomes[cell.name] = .fresh(stored)
          state = .fresh
        } else if store.expectedFailure(of: cell, key) != nil {
          state = .stale(.init(isFirstRun: false, isExpectedFailure: true, parts: []))
        } else {
          state = .stale(
            latest[cell.name].map { change(of: cell, from: $0, to: key) } ?? .init(isFirstRun: true, parts: []))
        }
      } else {
        // A cell has no key when a file that it depends on can't be read.
        state = .stale(
          latest[cell.name].map { change(of: cell, from: $0, to: nil) } ?? .init(isFirstRun: true, parts: []))
      }
      items.append(
        CellPlan.Item(
          cell: cell.name, state: state, seconds: latest[cell.name]?.seconds, resources: cell.options.resources))
    }
    if only == nil, prose(needsARunAfter: outcomes, in: store) {
      items.append(
        CellPlan.Item(cell: Self.proseName, state: .stale(.init(isFirstRun: false, isOfProse: true, parts: []))))
    }
    return CellPlan(items: items)
  }

  /// Whether the text has inline values without a stored result although all results that they need are there.
  private func prose(needsARunAfter outcomes: [String: CellRecord], in store: Store) -> Bool {
    guard !prose.items.isEmpty, prose.items.allSatisfy({ $0.needs.cells.allSatisfy { outcomes[$0] != nil } }) else {
      return false
    }
    let unit = unit(of: prose.items)
    guard let inputs = try? inputs(unit.needs, outcomes), let key = try? key(of: unit, inputs: Array(inputs.values))
    else { return true }
    return stored(key, of: unit.name, isPinned: false, in: store) == nil
  }

  /// The parts of a cell's key that differ from those of a stored result.
  /// - Parameter key: The current key. Nil compares only the parts that don't depend on other cells' results.
  package func change(of cell: NotebookCell, from result: CellResult, to key: CellKey?) -> CellChange {
    let new = key ?? independentKey(of: cell)
    var kinds: [KeyPart] = []
    for kind in (new.parts + result.key.parts).map(\.kind)
    where (key != nil || !kind.isTakenIn) && !kinds.contains(kind) {
      kinds.append(kind)
    }
    var parts = kinds.flatMap { kind -> [CellChange.Part] in
      // Overloaded declarations share a name.
      let before = result.key.parts.filter { $0.kind == kind }
      let now = new.parts.filter { $0.kind == kind }
      let old = before.filter { part in !now.contains { $0.content == part.content } }
      let changed = now.filter { part in !before.contains { $0.content == part.content } }
      return (0..<max(old.count, changed.count)).map { index in
        CellChange.Part(
          kind: kind, old: index < old.count ? old[index].text : nil,
          new: index < changed.count ? changed[index].text : nil)
      }
    }
    for file in result.files {
      let digest = fileDigest(file.path)
      if digest != file.sha256 {
        parts.append(
          .init(
            kind: .file(file.path), old: file.sha256.map { String($0.prefix(12)) },
            new: digest.map { String($0.prefix(12)) }))
      }
    }
    if let language = result.language, language != notebook.frontMatter.language {
      parts.append(.init(kind: .language, old: language, new: notebook.frontMatter.language))
    }
    return CellChange(isFirstRun: false, parts: parts)
  }
}
