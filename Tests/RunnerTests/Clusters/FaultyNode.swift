import Foundation
import Synchronization
import TestSupport

@testable import Engine

/// A batch queue with one node, which is this machine with another view of the store: each task runs in a mount
/// namespace of its own, after a shell command that makes the fault.
final class FaultyNode: BatchQueue {
  private struct State {
    var codes: [String: [Int: Int32?]] = [:]
    var next = 1
  }

  /// The command; `$blobs` is the store's folder of values.
  private let fault: String
  private let blobs: URL
  private let state = Mutex(State())

  init(_ fault: String, of notebook: TemporaryNotebook) {
    self.fault = fault
    blobs = notebook.folder.appendingPathComponent(".labbook/blobs")
  }

  /// Whether this user may mount.
  static let isPossible: Bool = {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/unshare")
    process.arguments = ["--mount", "mount", "-t", "tmpfs", "none", "/mnt"]
    process.standardError = FileHandle.nullDevice
    guard (try? ProcessTree.start(process)) != nil else { return false }
    ProcessTree.finish(process)
    return process.terminationStatus == 0
  }()

  var largestArray: Int { 100 }

  func hasRoom() async -> Bool { true }

  func submit(_ submission: BatchSubmission) async throws -> BatchReply {
    let id = state.withLock { state in
      state.codes[submission.token] = [:]
      state.next += 1
      return String(state.next)
    }
    for index in 0..<submission.count {
      state.withLock { $0.codes[submission.token]?[index] = .some(nil) }
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/unshare")
      process.arguments = [
        "--mount", "sh", "-c", "\(fault)\nexec sh \"$@\"", "sh", submission.script, submission.list, submission.token,
      ]
      process.environment = ProcessInfo.processInfo.environment.merging([
        "SLURM_ARRAY_TASK_ID": String(index), "blobs": blobs.path,
      ]) { $1 }
      process.standardError = FileHandle.nullDevice
      process.standardOutput = FileHandle.nullDevice
      process.terminationHandler = { [self] ended in
        ProcessTree.finish(ended)
        state.withLock { $0.codes[submission.token]?[index] = ended.terminationStatus }
      }
      try ProcessTree.start(process)
    }
    return .submitted(id: id)
  }

  func entries() async throws -> BatchSnapshot {
    let codes = state.withLock { $0.codes }
    return BatchSnapshot(
      entries: codes.flatMap { token, tasks in
        tasks.map { index, code in
          let verdict = code.map { BatchVerdict(kind: .byItself, reason: $0 == 0 ? "COMPLETED" : "FAILED") }
          return BatchEntry(
            token: token, index: index, state: verdict.map { .ended($0) } ?? .running, id: "1", note: "here")
        }
      })
  }

  func cancel(_ submission: BatchSubmission, id: String?) async {}

  func verdict(id: String, index: Int) async -> BatchVerdict? { nil }
}
