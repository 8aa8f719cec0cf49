import Foundation
import Synchronization

/// Everything around a computation that isn't one of its arguments: where random numbers start, how many threads may be
/// used, who watches, and where unfinished work is kept.
///
/// There is one context for the process (`TrainingContext.process`), which a notebook's cell gets from the runner. A
/// part of a program can run in another one:
///
/// ```swift
/// var context = TrainingContext.current
/// context.threads = 1
/// let run = try context.run { try train(on: data, split: split) }
/// ```
///
/// A task that is started inside `run` inherits its context; a thread that is started there has the process's.
public struct TrainingContext: Sendable {
  /// The seed of whatever draws random numbers and is given no seed of its own; in a notebook the cell's.
  public var seed: UInt64 = 0
  /// How many threads may be used, at least 1; at first the number of processors. No result depends on it.
  public var threads: Int {
    get { threadLimit }
    set { threadLimit = max(newValue, 1) }
  }
  private var threadLimit = max(ProcessInfo.processInfo.activeProcessorCount, 1)
  /// The label of the run that goes on in this context; outside a run, empty.
  public var label = ""
  /// Called after every epoch of every run, from the thread that trains.
  public var progress: (@Sendable (TrainingProgress) -> Void)?
  /// Where training keeps what it would lose with the process.
  public var checkpoints = TrainingCheckpoints()
  /// Called after every read of a file, with the path as given and the content; with nil where nothing could be read,
  /// since a result depends on that too.
  public var files: (@Sendable (_ path: String, _ content: Data?) -> Void)?
  /// Where points of sweeps are worked on by processes of their own; nil where the process that calls `sweep` does all.
  public var sweepPoints: SweepPoints?
  /// The point of a sweep that is being worked on, as text; outside a sweep, nil.
  public internal(set) var sweepPoint: String?
  /// Where the run that goes on keeps its own state; nil where none is kept.
  public internal(set) var checkpoint: RunCheckpoint?

  public init() {}

  private static let base = Mutex(TrainingContext())

  @TaskLocal private static var local: TrainingContext?

  /// The context of what no `run` surrounds. Set it when the process starts.
  public static var process: TrainingContext {
    get { base.withLock { $0 } }
    set { base.withLock { $0 = newValue } }
  }

  /// The context of the code that asks.
  public static var current: TrainingContext { local ?? process }

  /// Runs `body` in this context.
  public func run<Result>(_ body: () throws -> Result) rethrows -> Result {
    try Self.$local.withValue(self, operation: body)
  }

  /// Reports an epoch of the run that goes on.
  ///
  /// - Parameters:
  ///   - epochs: How many there will be at most.
  ///   - resumed: How many of them an earlier process did, whose checkpoint this one took up.
  public func report(_ record: EpochRecord, of epochs: Int, resumed: Int = 0) {
    progress?(TrainingProgress(run: label, record: record, epochs: epochs, resumed: resumed))
  }
}
