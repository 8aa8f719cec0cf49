import Foundation
import Wire

/// Runs cells as processes of this machine, as the runner's user and without limits but the time-out and the size of
/// output.
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
