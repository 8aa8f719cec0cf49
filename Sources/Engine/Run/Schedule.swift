/// Chooses which cell of a run comes next. The state changes only as cells settle.
package struct Schedule: Sendable {
  package private(set) var outcomes: [String: CellRecord] = [:]
  private let checked: CheckedNotebook
  private let store: Store
  private let options: NotebookRun.Options
  private let latest: [String: CellResult]
  /// Cells that the run includes; nil for all.
  private let wanted: Set<String>?
  private var running: Set<String> = []
  private var repairs: [String: Int] = [:]
  private var isStopped = false

  package init(_ checked: CheckedNotebook, _ options: NotebookRun.Options, in store: Store) {
    self.checked = checked
    self.store = store
    self.options = options
    latest = store.latest(checked.notebook.name)
    wanted = options.onlyStored ? [] : options.cell.map { Set(checked.graph.ancestors(of: $0) + [$0]) }
  }

  /// Settles all cells that need not run, and returns those that can start now.
  package mutating func next(_ observe: NotebookRun.Observer) -> [NotebookCell] {
    var starting: [NotebookCell] = []
    for cell in checked.evaluatedCells where outcomes[cell.name] == nil && !running.contains(cell.name) {
      let needed = checked.graph.needs[cell.name]?.cells ?? []
      guard needed.allSatisfy({ outcomes[$0] != nil }) else { continue }
      let missing = needed.filter { outcomes[$0]?.result == nil }
      let isWanted = wanted?.contains(cell.name) ?? true
      if missing.isEmpty, !(isWanted && options.redoes(cell.name, isPinned: cell.options.pinned)),
        let key = try? checked.key(of: cell, outcomes),
        let stored = checked.stored(key, of: cell.name, isPinned: cell.options.pinned, in: store)
      {
        settle(cell.name, .fresh(stored), observe)
      } else if !isWanted || isStopped || Task.isCancelled, missing.isEmpty || !isWanted {
        let failure =
          options.onlyStored && missing.isEmpty
          ? (try? checked.key(of: cell, outcomes)).flatMap { store.expectedFailure(of: cell, $0)?.record } : nil
        settle(cell.name, failure ?? latest[cell.name].map(CellRecord.stale) ?? .left, observe)
      } else if !missing.isEmpty {
        settle(cell.name, .blocked(by: checked.evaluatedCells.map(\.name).filter(missing.contains)), observe)
      } else if options.takesPinnedAsGiven, cell.options.pinned {
        settle(cell.name, .left, observe)
      } else if running.count < options.jobs {
        running.insert(cell.name)
        starting.append(cell)
      }
    }
    return starting
  }

  /// Records how a started cell ended.
  package mutating func finish(_ name: String, _ execution: CellExecution, _ observe: NotebookRun.Observer) {
    running.remove(name)
    switch execution.ending {
    case .settled(let outcome):
      settle(name, outcome, observe)
    case .damaged(let value):
      if repair(value, observe) { return }
      let message = "the stored value of `\(value)` is damaged again and again; the disk may be failing"
      let place = checked.notebook[cell: name]?.place(in: checked.notebook.file)
      settle(
        name, .failed(CellFailure(message: message, place: place, details: nil), outputs: [], seconds: 0), observe)
    }
  }

  /// Makes the cell that defines a damaged value run again: the value's blob is gone, so the cell is stale.
  /// - Returns: Whether a cell must run again. A value is repaired at most three times.
  package mutating func repair(_ value: String?, _ observe: NotebookRun.Observer) -> Bool {
    guard let value, let giver = checked.graph.definingCell[value], repairs[value, default: 0] < 3 else { return false }
    repairs[value, default: 0] += 1
    outcomes[giver] = nil
    observe(.damaged(value: value, cell: giver))
    return true
  }

  private mutating func settle(_ name: String, _ outcome: CellRecord, _ observe: NotebookRun.Observer) {
    outcomes[name] = outcome
    observe(.settled(cell: name, outcome))
    if outcome.state == .failed, !options.keepGoing, !(checked.notebook[cell: name]?.options.error ?? false) {
      isStopped = true
    }
  }

  /// The programs of cells that are not settled yet, in order, as far as the types of their inputs are known.
  package var programs: [CellProgram] {
    func hasTypes(_ needs: CellGraph.Needs) -> Bool { needs.values.keys.allSatisfy { checked.types[$0] != nil } }
    var programs = checked.evaluatedCells.compactMap { cell -> CellProgram? in
      let needs = checked.graph.needs[cell.name] ?? CellGraph.Needs()
      guard outcomes[cell.name] == nil, wanted?.contains(cell.name) ?? true, hasTypes(needs) else { return nil }
      return CellProgram(cell, of: checked.notebook, needs: needs, types: checked.types)
    }
    if !checked.prose.items.isEmpty, hasTypes(NotebookProse.needs(of: checked.prose.items)) {
      programs.append(checked.proseProgram(checked.prose.items))
    }
    return programs
  }
}
