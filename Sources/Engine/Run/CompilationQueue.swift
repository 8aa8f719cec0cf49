import Foundation

/// Compiles cells ahead of their turn, while the notebook is checked and while earlier cells run.
package actor CompilationQueue {
  private let compiler: NotebookCompiler
  private let notebook: Notebook
  private var tasks: [CellProgram: Task<Void, any Error>] = [:]
  /// The newest tasks, as many as work side by side.
  private var newest: [Task<Void, any Error>] = []
  private var takesGuesses = true

  /// How many compilers work side by side.
  private static let width = 2
  /// More cells than this in one executable let the first of them wait too long.
  private static let batchMaximum = 12

  package init(compiler: NotebookCompiler, notebook: Notebook) {
    self.compiler = compiler
    self.notebook = notebook
  }

  /// Compiles what may be needed, unless it is known by now what is.
  package func guess(_ programs: [CellProgram]) {
    if takesGuesses { enqueue(programs) }
  }

  /// Compiles what will be needed, in this order.
  package func add(_ programs: [CellProgram]) {
    takesGuesses = false
    enqueue(programs)
  }

  /// Gives everything up, for good.
  package func close() {
    takesGuesses = false
    cancel(except: nil)
  }

  private func enqueue(_ programs: [CellProgram]) {
    for batch in Self.batches(programs.filter { tasks[$0] == nil && compiler.compiled($0) == nil }) {
      let gate = newest.count < Self.width ? nil : newest.removeFirst()
      let task = Task { [compiler, notebook] in
        _ = await gate?.result
        try Task.checkCancellation()
        if batch.count > 1 {
          try await compiler.compile(batch, for: notebook)
        } else if let only = batch.first {
          _ = try await compiler.compile(only, for: notebook)
        }
      }
      for program in batch { tasks[program] = task }
      newest.append(task)
    }
  }

  /// Cells that are compiled together: neighbours, as much for one compiler as for the other. One that declares names
  /// that others must not see stays alone, and so does one that is no function.
  private static func batches(_ programs: [CellProgram]) -> [[CellProgram]] {
    // Even a short cell calls for some of the compiler's time.
    let weights = programs.map { 100 + $0.main.utf8.count }
    var remaining = weights.reduce(0, +)
    var batches: [[CellProgram]] = []
    var open: (count: Int, weight: Int, share: Int)?
    for (program, weight) in zip(programs, weights) {
      let canShareExecutable = program.function.map { !$0.hasPrivateDeclarations } ?? false
      if canShareExecutable, let last = open, last.count < batchMaximum, last.weight + weight <= last.share {
        batches[batches.count - 1].append(program)
        open = (last.count + 1, last.weight + weight, last.share)
      } else {
        open = canShareExecutable ? (1, weight, remaining / max(1, width - batches.count)) : nil
        batches.append([program])
      }
      remaining -= weight
    }
    return batches
  }

  /// A program's executable, compiled by now or waited for.
  package func compiled(_ program: CellProgram) async throws -> CompiledProgram {
    if let task = tasks[program] {
      // What fails a cell that was compiled with others is told of once it is compiled alone.
      if tasks.values.count(where: { $0 == task }) == 1 { try await task.value } else { _ = await task.result }
    }
    if let compiled = compiler.compiled(program) { return compiled }
    return try await compiler.compile(program, for: notebook)
  }

  /// Cancels all compilations except this one.
  package func cancel(except program: CellProgram?) {
    let kept = program.flatMap { tasks[$0] }
    for task in Set(tasks.values) where task != kept { task.cancel() }
    tasks = tasks.filter { $0.value == kept }
  }
}
