import Foundation

/// Compiles cells ahead of their turn, while earlier cells run.
actor CompilationQueue {
  private let compiler: NotebookCompiler
  private let notebook: Notebook
  private var tasks: [String: Task<URL, any Error>] = [:]

  /// - Parameter programs: What will be needed, in order; two are compiled at a time.
  init(programs: [(cell: String, program: CellProgram)], compiler: NotebookCompiler, notebook: Notebook) {
    self.compiler = compiler
    self.notebook = notebook
    var previous: [Task<URL, any Error>] = []
    for (cell, program) in programs {
      // Each waits for the last but one.
      let gate = previous.count >= 2 ? previous[previous.count - 2] : nil
      let task = Task {
        _ = await gate?.result
        try Task.checkCancellation()
        return try await compiler.compile(program, for: notebook)
      }
      tasks[cell] = task
      previous.append(task)
    }
  }

  /// The executable of a cell's program, compiled by now or waited for.
  func executable(_ cell: String, _ program: CellProgram) async throws -> URL {
    if let task = tasks[cell] { return try await task.value }
    if let executable = compiler.compiled(program) { return executable }
    return try await compiler.compile(program, for: notebook)
  }

  /// Gives up what nobody waits for any more: all but one.
  func cancel(except cell: String) {
    for (name, task) in tasks where name != cell { task.cancel() }
  }
}
