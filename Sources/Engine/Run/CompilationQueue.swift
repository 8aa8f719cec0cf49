import Foundation

/// Compiles cells ahead of their turn, while the notebook is checked and while earlier cells run.
package actor CompilationQueue {
  private let compiler: NotebookCompiler
  private let notebook: Notebook
  private var tasks: [CellProgram: Task<Void, any Error>] = [:]
  /// The newest tasks, at most `width` of them.
  private var newest: [Task<Void, any Error>] = []
  private var takesGuesses = true

  /// The number of compilers that run side by side.
  private static let width = 2
  /// The greatest number of cells in one executable. With more, the first of them would wait too long.
  private static let batchMaximum = 12

  package init(compiler: NotebookCompiler, notebook: Notebook) {
    self.compiler = compiler
    self.notebook = notebook
  }

  /// Compiles programs that may be needed, unless the needed ones are already known.
  package func guess(_ programs: [CellProgram]) {
    if takesGuesses { enqueue(programs) }
  }

  /// Compiles programs that will be needed, in this order.
  package func add(_ programs: [CellProgram]) {
    takesGuesses = false
    enqueue(programs)
  }

  /// Cancels all compilations and accepts no more guesses.
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

  /// Groups of consecutive cells that are compiled together, so that the compilers get equal shares of the work. A
  /// cell that declares private names, or that can't be a function, is compiled alone.
  private static func batches(_ programs: [CellProgram]) -> [[CellProgram]] {
    // Even a short cell takes the compiler a constant time, weighted as 100 bytes of source.
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

  /// A program's executable. Waits until it is compiled.
  package func compiled(_ program: CellProgram) async throws -> CompiledProgram {
    if let task = tasks[program] {
      // An error of a program that was compiled together with others is ignored here; it is reported when the program
      // is compiled alone.
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
