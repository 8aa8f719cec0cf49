import Foundation

/// Compiles cells ahead of their turn, while earlier cells run.
actor CompilationQueue {
  private let compiler: NotebookCompiler
  private let notebook: Notebook
  private var tasks: [String: Task<Void, any Error>] = [:]

  /// How many compilers work side by side.
  private static let width = 2
  /// More cells than this in one executable let the first of them wait too long.
  private static let batchMaximum = 12

  /// - Parameter programs: What will be needed, in order.
  init(programs: [(cell: String, program: CellProgram)], compiler: NotebookCompiler, notebook: Notebook) {
    self.compiler = compiler
    self.notebook = notebook
    var previous: [Task<Void, any Error>] = []
    for batch in Self.batches(programs) {
      let gate = previous.count >= Self.width ? previous[previous.count - Self.width] : nil
      let task = Task {
        _ = await gate?.result
        try Task.checkCancellation()
        if batch.count > 1 {
          try await compiler.compile(batch.map(\.program), for: notebook)
        } else if let only = batch.first {
          _ = try await compiler.compile(only.program, for: notebook)
        }
      }
      for item in batch { tasks[item.cell] = task }
      previous.append(task)
    }
  }

  /// Cells that are compiled together: neighbours, as much for one compiler as for the other. One that declares names that
  /// others must not see stays alone, and so does one that is no function.
  private static func batches(
    _ programs: [(cell: String, program: CellProgram)]
  ) -> [[(cell: String, program: CellProgram)]] {
    // Even a short cell calls for some of the compiler's time.
    let weights = programs.map { 100 + $0.program.main.utf8.count }
    var remaining = weights.reduce(0, +)
    var batches: [[(cell: String, program: CellProgram)]] = []
    var open: (count: Int, weight: Int, share: Int)?
    for (item, weight) in zip(programs, weights) {
      let isSocial = item.program.function.map { !$0.hasPrivateDeclarations } ?? false
      if isSocial, let last = open, last.count < batchMaximum, last.weight + weight <= last.share {
        batches[batches.count - 1].append(item)
        open = (last.count + 1, last.weight + weight, last.share)
      } else {
        open = isSocial ? (1, weight, remaining / max(1, width - batches.count)) : nil
        batches.append([item])
      }
      remaining -= weight
    }
    return batches
  }

  /// A cell's executable, compiled by now or waited for.
  func compiled(_ cell: String, _ program: CellProgram) async throws -> CompiledProgram {
    if let task = tasks[cell] {
      // What fails a cell that was compiled with others is told of once it is compiled alone.
      if tasks.values.count(where: { $0 == task }) == 1 { try await task.value } else { _ = await task.result }
    }
    if let compiled = compiler.compiled(program) { return compiled }
    return try await compiler.compile(program, for: notebook)
  }

  /// Gives up what nobody waits for any more: all but one.
  func cancel(except cell: String) {
    for task in Set(tasks.values) where task != tasks[cell] { task.cancel() }
  }
}
