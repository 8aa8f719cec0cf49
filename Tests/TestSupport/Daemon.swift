import Engine
import Foundation
import Glibc

/// A process that outlives single tests and starts others, such as sshd.
///
/// It isn't a `Process`: Foundation takes a process for ended when it closes the files that it was started with, as
/// daemons do, and then waits for its end on the one thread that every other `Process` needs.
///
/// The tests' process ends whatever cells leave behind, and with it all of its children that it doesn't know. So a
/// daemon is known to it, and is itself the parent of orphans below it (`PR_SET_CHILD_SUBREAPER`, which `exec` keeps).
package final class Daemon: Sendable {
  package let processIdentifier: pid_t

  private static let script = """
    import ctypes, os, sys
    os.closerange(3, 4096)
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
    os.execv(sys.argv[1], sys.argv[1:])
    """

  /// Starts a program that stays in the foreground.
  package init(_ program: String, _ arguments: [String], environment: [String: String] = [:]) throws {
    var files = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&files)
    defer { posix_spawn_file_actions_destroy(&files) }
    for descriptor in Int32(0)...2 {
      posix_spawn_file_actions_addopen(&files, descriptor, "/dev/null", descriptor == 0 ? O_RDONLY : O_WRONLY, 0)
    }
    let words = ["/usr/bin/env", "python3", "-c", Self.script, program] + arguments
    let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }.map { "\($0.key)=\($0.value)" }
    var (argv, envp) = (words.map { strdup($0) } + [nil], variables.map { strdup($0) } + [nil])
    defer { for pointer in argv + envp { free(pointer) } }
    processIdentifier = try ProcessTree.start {
      var process = pid_t()
      let code = posix_spawn(&process, words[0], &files, nil, &argv, &envp)
      guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EINVAL) }
      return process
    }
  }

  /// Sends it a signal that ends it, and waits for its end.
  package func end(_ signal: Int32) {
    kill(processIdentifier, signal)
    ProcessTree.finish(processIdentifier)
  }
}
