import Foundation
import Synchronization
import TestSupport

@testable import Engine

/// A run of a notebook's cells as jobs, beside the test.
final class ClusterRun: Sendable {
  /// The run ended before it did what a test waits for.
  struct EndedEarly: Error, CustomStringConvertible {
    var failures: [String]
    var description: String { "the run ended early: \(failures)" }
  }

  private final class Flag: Sendable {
    let isSet = Mutex(false)
  }

  private let task: Task<NotebookRun.Outcome, any Error>
  private let ended: Flag
  private let folder: URL

  init(
    _ notebook: TemporaryNotebook, on executor: ClusterExecutor, observe: @escaping NotebookRun.Observer = { _ in }
  ) throws {
    let parsed = try Notebook(reading: notebook.file.path)
    let (folder, ended) = (notebook.folder, Flag())
    (self.folder, self.ended) = (folder, ended)
    task = Task {
      defer { ended.isSet.withLock { $0 = true } }
      let run = try await NotebookRun(parsed, store: Store(beside: folder))
      return try await run.run(.init(executor: executor), observe: observe)
    }
  }

  var outcome: NotebookRun.Outcome {
    get async throws { try await task.value }
  }

  func cancel() { task.cancel() }

  /// Waits until the condition holds.
  /// - Throws: `EndedEarly`, or the run's error, if the run ends first.
  func wait(until condition: () -> Bool) async throws {
    while !condition() {
      // The run may have ended between the two checks.
      if ended.isSet.withLock({ $0 }), !condition() {
        throw EndedEarly(failures: ClusterNotebook.failures(try await outcome))
      }
      try await Task.sleep(for: .milliseconds(50))
    }
  }

  /// Waits until a cell has made this file in the notebook's folder.
  func wait(for name: String) async throws {
    try await wait { FileManager.default.fileExists(atPath: folder.appendingPathComponent(name).path) }
  }
}
