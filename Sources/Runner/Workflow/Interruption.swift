import Dispatch
import Engine
import Foundation

/// Ctrl-C or a request to terminate: the first one ends the running cells, and the report is still written; the
/// second one ends the command at once.
enum Interruption {
  /// - Parameter leavingOnHangup: Whether a closing terminal ends the command at once and keeps the jobs of a
  ///   cluster, so that the next run finds them.
  static func cancelling<Result: Sendable>(
    leavingOnHangup: Bool = false, _ work: @escaping @Sendable () async throws -> Result
  ) async throws -> Result {
    let task = Task { try await work() }
    // A closing terminal sends SIGHUP and a system shutdown sends SIGTERM.
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        if number == SIGHUP, leavingOnHangup { _exit(ExitStatus.interrupted.rawValue) }
        if task.isCancelled { _exit(ExitStatus.interrupted.rawValue) }
        task.cancel()
      }
      source.resume()
      // The source lasts to the process's end, so that a second signal ends the command also while the report is
      // written. The default action would not do so, because Dispatch has blocked the signal in all threads by then.
      _ = Unmanaged.passRetained(source as AnyObject)
    }
    return try await task.value
  }
}
