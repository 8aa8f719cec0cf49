import Foundation
import Wire

/// Runs cells as processes of this machine with the user's own rights. The only limits are the time-out and the size
/// of the output.
package struct LocalExecutor: Executor {
  package init() {}

  package var lease: CellLease.Kind { .lock }

  package func threads(jobs: Int) -> Int {
    max(1, ProcessInfo.processInfo.activeProcessorCount / max(1, jobs))
  }

  package func environment(threads: Int) -> [String: String] {
    CellEnvironment(threads: threads).variables
  }

  package func run(
    _ task: CellTask, observe: @escaping @Sendable (CellEvent) -> Void
  ) async throws -> CellProcess.Ending {
    try await CellProcess(task).run(observe: observe)
  }
}
