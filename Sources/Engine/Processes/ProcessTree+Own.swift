import Foundation
import Glibc
import Synchronization

/// The processes that the runner starts for itself. The end of a cell leaves them alone.
extension ProcessTree {
  struct Own {
    /// The processes that the runner waits for.
    var processes: Set<pid_t> = []
    /// Whether a browser is among them. A browser starts other processes and stays.
    var isOpenEnded = false
  }

  static let own = Mutex(Own())

  /// Starts a process. It is registered before the end of any cell can take it for something that the cell left behind.
  package static func start(_ process: Process) throws {
    try start {
      try process.run()
      return process.processIdentifier
    }
  }

  /// Starts a process that isn't a `Process` of Foundation's.
  /// - Parameter spawn: Starts the process and returns its id.
  @discardableResult
  package static func start(_ spawn: () throws -> pid_t) throws -> pid_t {
    try own.withLock { own in
      let process = try spawn()
      own.processes.insert(process)
      return process
    }
  }

  /// Waits for the end of a process that `start` started.
  package static func finish(_ process: Process) {
    process.waitUntilExit()
    forget(process.processIdentifier)
  }

  /// Waits for the end of a process that `start` started with a closure.
  package static func finish(_ process: pid_t) {
    while waitpid(process, nil, 0) < 0, errno == EINTR {}
    forget(process)
  }

  private static func forget(_ process: pid_t) {
    own.withLock { _ = $0.processes.remove(process) }
  }

  /// From now on, the processes that cells leave behind are left alone, because a browser is started whose processes
  /// can't be told from them.
  package static func allowBrowser() {
    own.withLock { $0.isOpenEnded = true }
  }
}
