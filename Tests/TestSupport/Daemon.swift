import Engine
import Foundation

/// A process that outlives single tests and starts others, such as sshd.
///
/// The tests' process ends all child processes that cells leave behind, which are those that it doesn't know. So a
/// daemon is registered, and it adopts the orphans below it (`PR_SET_CHILD_SUBREAPER`, which `exec` keeps).
package enum Daemon {
  private static let script = """
    import ctypes, os, sys
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
    os.execv(sys.argv[1], sys.argv[1:])
    """

  /// Starts a program that stays in the foreground.
  package static func start(
    _ process: Process, _ program: String, _ arguments: [String], environment: [String: String] = [:]
  ) throws {
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", script, program] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    // The daemon is registered before the end of any cell searches for processes that are left.
    try ProcessTree.startedHere.withLock { own in
      try process.run()
      own.processes.insert(process.processIdentifier)
    }
  }

  /// Waits for the end of a daemon that was told to end.
  package static func finish(_ process: Process) {
    process.waitUntilExit()
    ProcessTree.startedHere.withLock { _ = $0.processes.remove(process.processIdentifier) }
  }
}
