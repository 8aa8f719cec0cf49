import Basics
import Foundation
import Wire

/// Runs a notebook's stale cells, each once its inputs are there, and evaluates the prose.
package struct NotebookRun: Sendable {
  package struct Options: Sendable {
    /// Whether everything except pinned cells runs again, even with stored results; with `cell`, that cell alone runs
    /// again.
    package var fresh = false
    /// The only cell to run, together with the cells that it needs; nil for all cells.
    package var cell: String?
    /// Whether nothing runs, and only stored results are used.
    package var onlyStored = false
    /// Whether the run continues with cells that don't need a failed one.
    package var keepGoing = false
    /// The greatest number of cells that run side by side.
    package var jobs = 1
    /// The time limit in seconds of cells without a `timeout` of their own.
    package var timeout: Double?
    /// Whether pinned cells never run. Without its stored result, a pinned cell and the cells that need it are left
    /// out.
    package var takesPinnedAsGiven = false
    /// Where the cells' processes run.
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

    /// Whether a unit that the run includes runs again although its result is stored.
    ///
    /// If a cell was asked for by name, stored results of the cells that it needs are kept. A pinned result can't be
    /// recomputed for free, so a pinned cell runs again only if it is asked for by name.
    package func redoes(_ name: String, isPinned: Bool) -> Bool {
      if let cell { return fresh && cell == name }
      return fresh && (name == CheckedNotebook.proseName || !isPinned)
    }
  }

  /// An event of a run, for a progress display.
  package enum Event: Sendable {
    case compiling(cell: String)
    case running(cell: String)
    case cell(String, CellEvent)
    /// A stored value is damaged, and the cell that defines it runs again.
    case damaged(value: String, cell: String)
    case settled(cell: String, CellRecord)
  }

  /// The outcome of a run: the state of every cell and every inline expression.
  package struct Outcome: Sendable {
    package var cells: [String: CellRecord]
    package var expressions: [Int: ExpressionReport]
    package var isInterrupted: Bool
    /// Whether an inline expression exceeded the run's time limit.
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
  /// - Parameter options: The options of the run that follows. Cells that it will probably need are compiled while
  ///   the notebook is checked, with the types of the last check.
  /// - Throws: `NotebookError` with all errors.
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

  /// The plan of `run` now.
  /// - Parameter only: The cell to which the run is restricted, together with the cells that it needs.
  package func plan(only: String? = nil) -> CellPlan { checked.plan(only: only, in: store) }

  /// Runs the stale cells.
  package func run(_ options: Options, observe: @escaping Observer) async throws -> Outcome {
    var schedule = Schedule(checked, options, in: store)
    var prose = ProseOutcome()
    repeat {
      await runCells(&schedule, options, observe)
      prose = await evaluateProse(schedule.outcomes, options, observe: observe)
    } while schedule.repair(prose.damagedValue, observe)
    let results = schedule.outcomes.compactMapValues(\.result)
    for file in results.values.flatMap(\.files) {
      FileRegister.note(notebook.url(file.path).path)
    }
    try await store.setLatest(results, of: notebook.name, cells: Set(notebook.cells.map(\.name)))
    return Outcome(
      cells: schedule.outcomes, expressions: prose.reports, isInterrupted: Task.isCancelled,
      isTextTimedOut: prose.isTimedOut)
  }

  private func runCells(_ schedule: inout Schedule, _ options: Options, _ observe: @escaping Observer) async {
    var starting = schedule.next(observe)
    // If all cells are fresh, nothing is compiled ahead. Their programs may be new although nothing changed but line
    // numbers.
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
