import Foundation
import Wire

/// The place where cells' processes run: this machine, a sandbox, or a batch queue.
///
/// A new executor is a file with a type that conforms to this protocol. It may assume that the runner and the cell's
/// process see the store and the notebook's folder under the same absolute paths.
package protocol Executor: Sendable {
  /// The kind of lease by which a cell's process finds out whether the runner still lives.
  var lease: CellLease.Kind { get }

  /// The number of threads that a cell may keep busy while `jobs` cells run side by side.
  func threads(jobs: Int) -> Int

  /// Environment variables for a cell's process, in addition to the runner's own.
  func environment(threads: Int) -> [String: String]

  /// Runs a cell's process to its end, and ends all processes that it leaves behind.
  ///
  /// A time-out, too much output and a failure of the process are endings, not errors. When the task is cancelled,
  /// the process is ended, and the returned ending says so.
  /// - Parameter observe: Called with every event as it is read.
  /// - Throws: The error that kept the process from being started.
  func run(_ task: CellTask, observe: @escaping @Sendable (CellEvent) -> Void) async throws -> CellProcess.Ending
}

/// One run of a compiled cell, for any executor. All paths are absolute.
package struct CellTask: Sendable {
  package var executable: URL
  package var job: CellJob
  /// The folder that holds the job, the events and the output while the process runs.
  package var folder: URL
  package var workingDirectory: URL
  package var environment: [String: String]
  /// The time limit in seconds after which the process is ended; nil for none.
  package var timeout: Double?
  /// The resources that the cell requests as a job.
  package var resources: CellResources?
  /// The folder for the cell's jobs, which outlive the runner. Its name can be computed only with the user's key, so
  /// a store from elsewhere can't contain results in it.
  package var jobs: URL
  /// Whether results of parts of the cell count that an earlier run left; false for `--fresh`.
  package var keeps: Bool
  /// The names of the notebook and the cell.
  package var name: String
  /// The path for output that is too long for the report. The stream's name is appended to it.
  package var overflow: URL

  /// The file with the job that the process reads.
  var jobFile: URL { folder.appendingPathComponent("job.json") }
}
