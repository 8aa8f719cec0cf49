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
}
