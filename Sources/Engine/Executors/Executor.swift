import Foundation
import Wire

/// Where the processes of cells run: on this machine, in a sandbox, on a batch queue.
///
/// A new executor is a file with a type that conforms to this protocol. It may count on a file system on which the
/// runner and the cell's process see the store and the notebook's folder under the same absolute paths.
package protocol Executor: Sendable {
  /// How a cell's process knows that the runner lives.
  var lease: CellLease.Kind { get }

  /// How many threads a cell may keep busy while so many run side by side.
  func threads(jobs: Int) -> Int

  /// Environment variables for a cell's process, besides the runner's own.
  func environment(threads: Int) -> [String: String]

  /// Runs a cell's process to its end, and ends whatever it leaves behind.
  ///
  /// A time-out, a flood of output and a failure of the process are endings, not errors. When the task is cancelled,
  /// the process is ended, and so says the ending.
  /// - Parameter observe: Called with every event, as it comes.
  /// - Throws: What kept the process from being started.
  func run(_ task: CellTask, observe: @escaping @Sendable (CellEvent) -> Void) async throws -> CellProcess.Ending
}

/// One run of a compiled cell, before it is decided where it takes place. All paths are absolute.
package struct CellTask: Sendable {
  package var executable: URL
  package var job: CellJob
  /// Holds the job, the events and the output while the process runs.
  package var folder: URL
  package var workingDirectory: URL
  package var environment: [String: String]
  /// Seconds after which it is ended.
  package var timeout: Double?
  /// What it asks for where it is a job.
  package var resources: CellResources?
  /// The folder for its jobs, which outlive the runner. Only who knows the user's key can tell its name, so that a store
  /// from elsewhere can't have results in it.
  package var jobs: URL
  /// The notebook's name and the cell's.
  package var name: String
  /// Where output goes that is too long for the report: a name for each stream is put behind it.
  package var overflow: URL

  /// Where the process finds its job.
  var jobFile: URL { folder.appendingPathComponent("job.json") }
}
