import Foundation
import Synchronization

/// Lets training go on after its process was ended, from what it keeps in storage that whoever runs the process provides.
///
/// While a run goes on, its whole state is saved at the end of an epoch every few seconds; when it is done, the finished
/// run takes that place. A later process that makes the same call of `train` continues from there to the same bits.
public enum TrainingCheckpoints {
  fileprivate struct Settings {
    var storage: KeyedStorage?
    var interval = Duration.seconds(3)
    var sweptRuns: KeyedStorage?
    /// How often each call was made in this process.
    var calls: [String: Int] = [:]
  }

  /// The settings of a process.
  final class Keeper: Sendable {
    fileprivate let settings = Mutex(Settings())
  }

  /// The process's, but where a test has its own.
  @TaskLocal static var keeper = Keeper()

  /// Keeps the states and results of all later runs of this process in `storage`, until there is another.
  ///
  /// The same call made twice has two places there. What has been saved is of no more use once the process has done what
  /// it was started for.
  ///
  /// - Parameter interval: At least so much time passes between two saves of a run, and twenty times what a save takes;
  ///   zero saves every epoch.
  public static func keep(in storage: KeyedStorage?, every interval: Duration = .seconds(3)) {
    keeper.settings.withLock {
      $0.storage = storage
      $0.interval = interval
      $0.calls = [:]
    }
  }

  /// Keeps the finished runs of later sweeps in `storage`, which should outlive the process and changes of its program.
  ///
  /// Keys are made of everything a run's result depends on but the version of this library.
  public static func keepSweptRuns(in storage: KeyedStorage?) {
    keeper.settings.withLock { $0.sweptRuns = storage }
  }

  /// Where a run with this content keeps its checkpoint, or nil if none are kept.
  static func checkpoint(of content: @autoclosure () throws -> String) rethrows -> RunCheckpoint? {
    let (storage, sweptRuns, interval) = keeper.settings.withLock { ($0.storage, $0.sweptRuns, $0.interval) }
    let results = SweepPoint.current == nil ? nil : sweptRuns
    if storage == nil && results == nil { return nil }
    let content = try content()
    let call = keeper.settings.withLock { settings in
      settings.calls[content, default: 0] += 1
      return settings.calls[content, default: 1]
    }
    return RunCheckpoint(
      content: content, call: call, storage: storage, sweptRuns: results, interval: interval)
  }
}
