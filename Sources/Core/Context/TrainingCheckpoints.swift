import Foundation
import Synchronization

/// Where training keeps what it would lose with its process, and how often.
///
/// While a run goes on, its whole state is saved at the end of an epoch every few seconds; when it is done, the result
/// takes that place. A later process that makes the same call continues from there to the same bits.
public struct TrainingCheckpoints: Sendable {
  private let storage: KeyedStorage?
  private let interval: Duration
  private let sweptFits: KeyedStorage?
  private let calls = CallNumbers()

  /// - Parameters:
  ///   - storage: Keeps the states and results of all runs; nil for none. Repeated identical calls are numbered. What
  ///     it holds can be deleted once the process has finished.
  ///   - interval: The least time between two saves of a run, which is also at least twenty times what a save takes;
  ///     zero saves after every epoch.
  ///   - sweptFits: Keeps the results of a sweep's runs; it should outlive the process and changes of its program. Keys
  ///     are made of everything that a result depends on but the version of this library.
  public init(storage: KeyedStorage? = nil, every interval: Duration = .seconds(3), sweptFits: KeyedStorage? = nil) {
    self.storage = storage
    self.interval = interval
    self.sweptFits = sweptFits
  }

  /// The place of a run, or nil if nothing is kept.
  ///
  /// - Parameters:
  ///   - content: 64 hexadecimal digits made of all that the result depends on.
  ///   - isSwept: Whether the run belongs to a sweep.
  func place(isSwept: Bool, content: () throws -> String) rethrows -> RunCheckpoint? {
    let sweptFits = isSwept ? sweptFits : nil
    if storage == nil && sweptFits == nil { return nil }
    let content = try content()
    return RunCheckpoint(
      content: content, call: calls.next(for: content), storage: storage, sweptFits: sweptFits, interval: interval)
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
