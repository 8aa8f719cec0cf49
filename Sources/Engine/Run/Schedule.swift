/// Chooses which cell of a run comes next. The state changes only as cells settle.
///
/// Each cell is looked up in the store once, when all cells that it needs have settled. So the work for a run grows
/// with the number of cells and of their dependencies, in whatever order the cells end.
package struct Schedule: Sendable {
  package private(set) var outcomes: [String: CellRecord] = [:]
  private let checked: CheckedNotebook
  private let store: Store
  private let options: NotebookRun.Options
  private let latest: [String: CellResult]
  /// Cells that the run includes; nil for all.
  private let wanted: Set<String>?
  private var repairs: [String: Int] = [:]
  private var isStopped = false

  // The cells' numbers are their places among the evaluated cells.
  private let numbers: [String: Int]
  /// The numbers of the cells that need a cell, by its name.
  private let users: [String: [Int]]
  /// The number of cells that a cell needs and that have not settled.
  private var missing: [Int]
  private var running: Set<Int> = []
  /// Cells whose needs have settled and that are not looked up yet.
  private var ready: OrderedNumbers
  /// Cells that were looked up, must run, and have not started.
  private var due = OrderedNumbers()

  package init(_ checked: CheckedNotebook, _ options: NotebookRun.Options, in store: Store) {
    self.checked = checked
    self.store = store
    self.options = options
    latest = store.latest(checked.notebook.name)
    wanted = options.onlyStored ? [] : options.cell.map { Set(checked.graph.ancestors(of: $0) + [$0]) }
    var numbers: [String: Int] = [:]
    var users: [String: [Int]] = [:]
    missing = []
    ready = OrderedNumbers()
    for (number, cell) in checked.evaluatedCells.enumerated() {
      numbers[cell.name] = number
      let needed = checked.graph.needs[cell.name]?.cells ?? []
      for name in needed { users[name, default: []].append(number) }
      missing.append(needed.count)
      if needed.isEmpty { ready.insert(number) }
    }
    (self.numbers, self.users) = (numbers, users)
  }

  /// Settles all cells that need not run, and returns those that can start now.
  package mutating func next(_ observe: NotebookRun.Observer) -> [NotebookCell] {
    if isStopped || Task.isCancelled {
      while let number = due.popFirst() { ready.insert(number) }
    }
    while let number = ready.popFirst() { lookUp(number, observe) }
    var starting: [NotebookCell] = []
    while running.count < options.jobs, let number = due.popFirst() {
      running.insert(number)
      starting.append(checked.evaluatedCells[number])
    }
    return starting
  }

  /// Settles a cell whose needs have settled, unless it must run.
  private mutating func lookUp(_ number: Int, _ observe: NotebookRun.Observer) {
    let cell = checked.evaluatedCells[number]
    let needed = checked.graph.needs[cell.name]?.cells ?? []
    let lacking = needed.filter { outcomes[$0]?.result == nil }
    let isWanted = wanted?.contains(cell.name) ?? true
    if lacking.isEmpty, !(isWanted && options.redoes(cell.name, isPinned: cell.options.pinned)),
      let key = try? checked.key(of: cell, outcomes),
      let stored = checked.stored(
        key, of: cell.name, isPinned: cell.options.pinned, isGiven: options.takesPinnedAsGiven && cell.options.pinned,
        latest: latest, in: store)
    {
      settle(cell.name, .fresh(stored), observe)
    } else if !isWanted || isStopped || Task.isCancelled, lacking.isEmpty || !isWanted {
      let failure =
        options.onlyStored && lacking.isEmpty
        ? (try? checked.key(of: cell, outcomes)).flatMap { store.expectedFailure(of: cell, $0)?.record } : nil
      settle(cell.name, failure ?? latest[cell.name].map(CellRecord.stale) ?? .left, observe)
    } else if !lacking.isEmpty {
      settle(cell.name, .blocked(by: checked.graph.inOrder(lacking)), observe)
    } else if options.takesPinnedAsGiven, cell.options.pinned {
      settle(cell.name, .left, observe)
    } else {
      due.insert(number)
    }
  }

  /// Records how a started cell ended.
  package mutating func finish(_ name: String, _ execution: CellExecution, _ observe: NotebookRun.Observer) {
    if let number = numbers[name] { running.remove(number) }
    switch execution.ending {
    case .settled(let outcome):
      settle(name, outcome, observe)
    case .damaged(let value):
      if repair(value, observe) {
        if let number = numbers[name], missing[number] == 0 { ready.insert(number) }
        return
      }
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
    if outcomes.removeValue(forKey: giver) != nil {
      for user in users[giver] ?? [] {
        missing[user] += 1
        ready.remove(user)
        due.remove(user)
      }
      if let number = numbers[giver], missing[number] == 0 { ready.insert(number) }
    }
    observe(.damaged(value: value, cell: giver))
    return true
  }

  private mutating func settle(_ name: String, _ outcome: CellRecord, _ observe: NotebookRun.Observer) {
    if outcomes.updateValue(outcome, forKey: name) == nil {
      for user in users[name] ?? [] {
        missing[user] -= 1
        let isOpen = outcomes[checked.evaluatedCells[user].name] == nil && !running.contains(user)
        if missing[user] == 0, isOpen { ready.insert(user) }
      }
    }
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
