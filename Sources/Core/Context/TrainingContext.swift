import Foundation
import Synchronization

/// The surroundings of a computation that are not among its arguments: the seed, the number of threads, the observer
/// of progress, and the storage for unfinished work.
///
/// The process has one context (`TrainingContext.process`), which the runner sets for a notebook's cell. A part of a
/// program can run in another context:
///
/// ```swift
/// var context = TrainingContext.current
/// context.threads = 1
/// let run = try context.run { try train(on: data, split: split) }
/// ```
///
/// A task that is started inside `run` inherits its context; a thread that is started there uses the context of the
/// process.
public struct TrainingContext: Sendable {
  /// The default seed of everything that draws random numbers. In a notebook it is the cell's seed.
  public var seed: UInt64 = 0
  /// The number of threads to use, at least 1; by default the number of processors. No result depends on it.
  public var threads: Int {
    get { threadLimit }
    set { threadLimit = max(newValue, 1) }
  }
  private var threadLimit = max(ProcessInfo.processInfo.activeProcessorCount, 1)
  /// The label of the current run; empty outside a run.
  public var label = ""
  /// A function that is called after every epoch of every run, on the thread that trains.
  public var progress: (@Sendable (TrainingProgress) -> Void)?
  /// Where training stores its checkpoints and results.
  public var checkpoints = TrainingCheckpoints()
  /// A function that is called after every read of a file, with the path as given and the content. The content is nil
  /// if the file couldn't be read, because a result depends on that too.
  public var files: (@Sendable (_ path: String, _ content: Data?) -> Void)?
  /// A function that is called after every measurement on a device, with the device's name and what the device says of
  /// itself: its processor, runtime, threads and so on.
  public var devices: (@Sendable (_ device: String, _ facts: [String: String]) -> Void)?
  /// The points of sweeps that run in their own processes; nil if the process that calls `sweep` runs all points.
  public var sweepPoints: SweepPoints?
  /// The current point of a sweep, as text; nil outside a sweep.
  public internal(set) var sweepPoint: String?
  /// The checkpoint of the current run; nil if nothing is stored.
  public internal(set) var checkpoint: RunCheckpoint?

  public init() {}

  private static let base = Mutex(TrainingContext())

  @TaskLocal private static var local: TrainingContext?

  /// The context of code outside `run`. Set it when the process starts.
  public static var process: TrainingContext {
    get { base.withLock { $0 } }
    set { base.withLock { $0 = newValue } }
  }

  /// The context of the calling code.
  public static var current: TrainingContext { local ?? process }

  /// Runs `body` in this context.
  public func run<Result>(_ body: () throws -> Result) rethrows -> Result {
    try Self.$local.withValue(self, operation: body)
  }

  /// Runs `body` in the current context without its observer of files (`files`), because the files that `body` reads
  /// are not inputs of the result: a measurement's own state, or files that are made anew each time.
  /// - Parameter folder: Only the reading of files in this folder isn't observed; nil for all files.
  package static func withoutObserving<Result>(
    filesIn folder: String? = nil, _ body: () throws -> Result
  ) rethrows -> Result {
    var context = current
    context.files = nil
    if let folder, let observe = current.files {
      context.files = { path, content in
        if !path.hasPrefix(folder + "/") { observe(path, content) }
      }
    }
    return try context.run(body)
  }

  /// Reports an epoch of the current run to `progress`.
  ///
  /// - Parameters:
  ///   - epochs: The greatest number of epochs.
  ///   - resumed: The number of epochs that an earlier process did before this one continued from its checkpoint.
  public func report(_ record: EpochRecord, of epochs: Int, resumed: Int = 0) {
    progress?(TrainingProgress(run: label, record: record, epochs: epochs, resumed: resumed))
  }
}
