import Dispatch
import Foundation
import Synchronization

/// How many threads this process may use.
public enum Parallelism {
  private static let limit = Mutex(max(ProcessInfo.processInfo.activeProcessorCount, 1))
  /// What is left to work that already runs beside other work.
  @TaskLocal static var share: Int?

  /// At least 1; at first the number of processors. No result depends on it.
  public static var threads: Int {
    get { share ?? limit.withLock { $0 } }
    set { limit.withLock { $0 = max(newValue, 1) } }
  }

  /// Calls `body` for each of `parts`, on up to `threads` threads, and returns when all are done.
  ///
  /// - Parameter body: Is also given which of the threads calls it, counting from 0.
  static func forEach(_ parts: Int, threads: Int, _ body: @Sendable (_ part: Int, _ thread: Int) -> Void) {
    if threads < 2 || parts < 2 {
      for part in 0..<parts { body(part, 0) }
      return
    }
    let next = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: min(threads, parts)) { thread in
      while true {
        let part = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard part < parts else { return }
        body(part, thread)
      }
    }
  }
}
