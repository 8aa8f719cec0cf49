import Foundation
import Wire

/// Runs a notebook's stale cells, each once its inputs are there, and evaluates the prose.
package struct NotebookRun: Sendable {
  package struct Options: Sendable {
    /// Run everything, whatever is stored, except pinned cells.
    package var fresh = false
    /// Only this cell, and what it needs.
    package var cell: String?
    /// Run nothing: take what is stored.
    package var onlyStored = false
    /// Go on with cells that don't need a failed one.
    package var keepGoing = false
    /// How many cells may run side by side.
    package var jobs = 1
    /// Seconds a cell may take that has no `timeout` of its own.
    package var timeout: Double?
    /// Never run a pinned cell: without its stored result, it and what needs it are not run.
    package var takesPinnedAsGiven = false
    /// Where cells run.
    package var executor: any Executor = LocalExecutor()

    package init(
      fresh: Bool = false, cell: String? = nil, onlyStored: Bool = false, keepGoing: Bool = false, jobs: Int = 1,
      timeout: Double? = nil, executor: any Executor = LocalExecutor()
    ) {
      self.fresh = fresh
      self.cell = cell
      self.onlyStored = onlyStored
      self.keepGoing = keepGoing
      self.jobs = jobs
      self.timeout = timeout
      self.executor = executor
    }

    /// Whether something that the run includes is run although its result is stored.
    ///
    /// A pinned cell can't be had again for nothing, so it has to be asked for by its name.
    package func redoes(_ name: String, isPinned: Bool) -> Bool {
      if name == CheckedNotebook.proseName { return fresh && cell == nil }
      return fresh && (!isPinned || cell == name)
    }
  }

  /// What happens while it runs, for whoever shows progress.
  package enum Event: Sendable {
    case compiling(cell: String)
    case running(cell: String)
    case cell(String, CellEvent)
    /// A stored value was found damaged, and the cell that gave it runs again.
    case damaged(value: String, cell: String)
    case settled(cell: String, CellRecord)
  }

  /// What became of every cell and every inline expression.
  package struct Outcome: Sendable {
    package var cells: [String: CellRecord]
    package var expressions: [Int: ExpressionReport]
    package var isInterrupted: Bool
    /// An inline expression ran longer than the run's limit.
    package var isTextTimedOut = false

    package init(
      cells: [String: CellRecord], expressions: [Int: ExpressionReport], isInterrupted: Bool,
      isTextTimedOut: Bool = false
    ) {
      self.cells = cells
      self.expressions = expressions
      self.isInterrupted = isInterrupted
      self.isTextTimedOut = isTextTimedOut
    }
  }

  package typealias Observer = @Sendable (Event) -> Void

  package let checked: CheckedNotebook
  package let store: Store
  package let compiler: NotebookCompiler
  let compilation: CompilationQueue

  package var notebook: Notebook { checked.notebook }
  package var graph: CellGraph { checked.graph }
  package var prose: NotebookProse { checked.prose }
  package var evaluatedCells: [NotebookCell] { checked.evaluatedCells }

  /// Analyses and type-checks the notebook; doesn't run it.
  /// - Parameter options: Those of the run that is to follow. Cells that it seems to need are compiled while the
  ///   notebook is checked, with the types that values had before.
  /// - Throws: `NotebookError` with everything that is wrong with it.
  package init(_ notebook: Notebook, compiler: NotebookCompiler, toRun options: Options? = nil) async throws {
    self.compiler = compiler
    let store = compiler.store
    self.store = store
    let compilation = CompilationQueue(compiler: compiler, notebook: notebook)
    self.compilation = compilation
    do {
      checked = try await compiler.checked(notebook) { guess in
        guard let options else { return }
        Task {
          var schedule = Schedule(guess, options, in: store)
          if !schedule.next({ _ in }).isEmpty { await compilation.guess(schedule.programs) }
        }
      }
    } catch {
      await compilation.close()
      throw error
    }
  }

  package init(_ notebook: Notebook, store: Store, toRun options: Options? = nil) async throws {
    try await self.init(notebook, compiler: NotebookCompiler(store: store), toRun: options)
  }

  /// What `run` would do now.
  /// - Parameter only: A cell to which the run is restricted, with what it needs.
  package func plan(only: String? = nil) -> CellPlan { checked.plan(only: only, in: store) }

  /// Runs what is stale.
  package func run(_ options: Options, observe: @escaping Observer) async throws -> Outcome {
    var schedule = Schedule(checked, options, in: store)
    var prose = ProseOutcome()
    repeat {
      await runCells(&schedule, options, observe)
      prose = await evaluateProse(schedule.outcomes, options, observe: observe)
    } while schedule.repair(prose.damagedValue, observe)
    let results = schedule.outcomes.compactMapValues(\.result)
    try await store.setLatest(results, of: notebook.name, cells: Set(notebook.cells.map(\.name)))
    return Outcome(
      cells: schedule.outcomes, expressions: prose.reports, isInterrupted: Task.isCancelled,
      isTextTimedOut: prose.isTimedOut)
  }

  private func runCells(_ schedule: inout Schedule, _ options: Options, _ observe: @escaping Observer) async {
    var starting = schedule.next(observe)
    // Where all cells are fresh, nothing is compiled ahead: their programs may be new, since lines have moved.
    if starting.isEmpty { return }
    await compilation.add(schedule.programs)
    await withTaskGroup(of: (String, CellExecution).self) { group in
      while true {
        for cell in starting {
          let outcomes = schedule.outcomes
          group.addTask { (cell.name, await execute(checked.unit(of: cell), outcomes, options, observe: observe)) }
        }
        guard let (name, execution) = await group.next() else { break }
        schedule.finish(name, execution, observe)
        starting = schedule.next(observe)
      }
    }
    await compilation.cancel(except: prose.items.isEmpty ? nil : checked.proseProgram(prose.items))
  }
}
