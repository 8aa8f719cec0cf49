import Foundation
import Synchronization

/// Where training keeps what it would lose with its process, and how often.
///
/// While a run goes on, its whole state is saved at the end of an epoch every few seconds; when it is done, the result
/// takes that place. A later process that makes the same call continues from there to the same bits.
public struct TrainingCheckpoints: Sendable {
  private let storage: KeyedStorage?
  private let interval: Duration
  private let fits: KeyedStorage?
  private let calls = CallNumbers()

  /// - Parameters:
  ///   - storage: Keeps the states and results of all runs; nil for none. Repeated identical calls are numbered. What
  ///     it holds can be deleted once the process has finished.
  ///   - interval: The least time between two saves of a run, which is also at least twenty times what a save takes;
  ///     zero saves after every epoch.
  ///   - fits: Keeps the results of all runs; it should outlive the process and changes of its program. Keys are made
  ///     of everything that a result depends on but the version of this library.
  public init(storage: KeyedStorage? = nil, every interval: Duration = .seconds(3), fits: KeyedStorage? = nil) {
    self.storage = storage
    self.interval = interval
    self.fits = fits
  }

  /// The place of a run, or nil if nothing is kept.
  ///
  /// - Parameters:
  ///   - isKept: Whether the result may outlive the process: not so for recipes that the notebook itself declares,
  ///     whose code is no part of the content.
  ///   - content: 64 hexadecimal digits made of all that the result depends on.
  func place(isKept: Bool, content: () throws -> String) rethrows -> RunCheckpoint? {
    let fits = isKept ? fits : nil
    if storage == nil && fits == nil { return nil }
    let content = try content()
    return RunCheckpoint(
      content: content, call: calls.next(for: content), storage: storage, fits: fits, interval: interval)
  }
}

/// Counts how often each call was made.
private final class CallNumbers: Sendable {
  private let counts = Mutex<[String: Int]>([:])

  /// From 1.
  func next(for content: String) -> Int {
    counts.withLock { counts in
      counts[content, default: 0] += 1
      return counts[content, default: 1]
    }
  }
}
