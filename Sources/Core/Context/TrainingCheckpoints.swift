import Foundation
import Synchronization

/// Where and how often training stores its state, so that it survives the process.
///
/// During a run, its whole state is saved at the end of an epoch every few seconds. At the end, the result replaces
/// it. A later process that makes the same call continues from there and gets the same bits.
public struct TrainingCheckpoints: Sendable {
  private let storage: KeyedStorage?
  private let interval: Duration
  private let fits: KeyedStorage?
  private let calls = CallNumbers()

  /// - Parameters:
  ///   - storage: Stores the states and results of all runs; nil stores nothing. Repeated identical calls are
  ///     numbered. Its content can be deleted once the process has finished.
  ///   - interval: The least time between two saves of a run. It is also at least twenty times the duration of a
  ///     save. Zero saves after every epoch.
  ///   - fits: Stores the results of all runs beyond the process and changes of its program. Its keys depend on
  ///     everything that a result depends on except the version of this library.
  public init(storage: KeyedStorage? = nil, every interval: Duration = .seconds(3), fits: KeyedStorage? = nil) {
    self.storage = storage
    self.interval = interval
    self.fits = fits
  }

  /// The checkpoint of a run; nil if nothing is stored.
  ///
  /// - Parameters:
  ///   - isKept: Whether the result may outlive the process. Results of recipes that the notebook itself declares may
  ///     not, because the content doesn't include their code.
  ///   - content: 64 hexadecimal digits that depend on all that the result depends on.
  func place(isKept: Bool, content: () throws -> String) rethrows -> RunCheckpoint? {
    let fits = isKept ? fits : nil
    if storage == nil && fits == nil { return nil }
    let content = try content()
    return RunCheckpoint(
      content: content, call: calls.next(for: content), storage: storage, fits: fits, interval: interval)
  }
}

/// Counts the identical calls.
private final class CallNumbers: Sendable {
  private let counts = Mutex<[String: Int]>([:])

  /// The number of the next call, from 1.
  func next(for content: String) -> Int {
    counts.withLock { counts in
      counts[content, default: 0] += 1
      return counts[content, default: 1]
    }
  }
}
