import Foundation
import Glibc
import TestSupport
import Testing

@testable import Engine

/// The command `labbook run` in a process of its own, which a test can kill. Several of them write to one log.
final class RunnerProcess {
  private let process = Process()
  private let log: URL

  init(_ notebook: TemporaryNotebook, _ environment: [String: String]) throws {
    log = notebook.folder.appendingPathComponent("runner.log")
    process.executableURL = URL(fileURLWithPath: TemporaryNotebook.executable)
    process.arguments = ["run", notebook.file.lastPathComponent]
    process.currentDirectoryURL = notebook.folder
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    if !FileManager.default.fileExists(atPath: log.path) { try Data().write(to: log) }
    let handle = try #require(FileHandle(forWritingAtPath: log.path))
    handle.seekToEndOfFile()
    process.standardError = handle
    process.standardOutput = handle
    try ProcessTree.start(process)
  }

  var isRunning: Bool { process.isRunning }

  /// All that the runners of this notebook printed.
  var text: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }

  func kill() {
    Glibc.kill(process.processIdentifier, SIGKILL)
    ProcessTree.finish(process)
  }

  /// Waits for its end.
  /// - Returns: Its exit status.
  func finish() -> Int32 {
    ProcessTree.finish(process)
    return process.terminationStatus
  }

  /// Waits until a cell has made this file in the notebook's folder, which can take as long as the compiler.
  func wait(for name: String) async throws {
    let file = log.deletingLastPathComponent().appendingPathComponent(name)
    while !FileManager.default.fileExists(atPath: file.path) {
      try #require(isRunning || FileManager.default.fileExists(atPath: file.path), "\(text)")
      try await Task.sleep(for: .milliseconds(50))
    }
  }
}
