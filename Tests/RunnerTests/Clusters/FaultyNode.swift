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
    /// The tokens of the submissions that are held.
    var held: Set<String> = []
    var ids: [String: String] = [:]
    /// The held jobs that were cancelled, as `id_index`.
    var cancelled: [String] = []
  }

  /// The command; `$blobs` is the store's folder of values.
  private let fault: String
  private let blobs: URL
  /// The number of submissions that are held instead of started, from the first one on.
  private let heldCount: Int
  private let state = Mutex(State())

  init(_ fault: String, of notebook: TemporaryNotebook, heldCount: Int = 0) {
    self.fault = fault
    self.heldCount = heldCount
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

  /// The held jobs that were cancelled, as `id_index`.
  var cancelled: [String] { state.withLock { $0.cancelled } }

  func hasRoom() async -> Bool { true }

  func submit(_ submission: BatchSubmission) async throws -> BatchReply {
    let (id, isHeld) = state.withLock { state in
      state.codes[submission.token] = [:]
      let isHeld = state.next <= heldCount
      if isHeld { state.held.insert(submission.token) }
      state.next += 1
      state.ids[submission.token] = String(state.next)
      return (String(state.next), isHeld)
    }
    for index in 0..<submission.count {
      state.withLock { $0.codes[submission.token]?[index] = .some(nil) }
      if isHeld { continue }
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
    let (codes, held, ids) = state.withLock { ($0.codes, $0.held, $0.ids) }
    return BatchSnapshot(
      entries: codes.flatMap { token, tasks in
        tasks.map { index, code in
          let verdict =
            held.contains(token)
            ? BatchVerdict(kind: .held, reason: "held")
            : code.map { BatchVerdict(kind: .byItself, reason: $0 == 0 ? "COMPLETED" : "FAILED") }
          return BatchEntry(
            token: token, index: index, state: verdict.map { .ended($0) } ?? .running, id: ids[token] ?? "",
            note: "here")
        }
      })
  }

  func cancel(_ submission: BatchSubmission, id: String?) async {}

  func cancel(held index: Int, id: String) async {
    state.withLock { state in
      state.cancelled.append("\(id)_\(index)")
      for (token, known) in state.ids where known == id { state.codes[token]?[index] = nil }
    }
  }

  func verdict(id: String, index: Int) async -> BatchVerdict? { nil }
}
