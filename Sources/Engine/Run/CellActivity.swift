import Basics
import Core
import Plot
import Wire

/// The current activity of a cell that has not settled. The state changes only with the cell's events.
package struct CellActivity: Sendable {
  package enum Phase: Sendable {
    case compiling, running
  }

  /// The progress of one training run in the cell.
  package struct Training: Sendable {
    package var label: String
    /// The greatest number of epochs of the run.
    package var epochs: Int
    /// The number of epochs that an earlier process did.
    package var earlier: Int
    /// When this process began its first epoch.
    package var start: ContinuousClock.Instant
    /// The records of epochs so far. Not every epoch sends one.
    package var records: [EpochRecord]

    package var last: EpochRecord? { records.last }
    /// The number of epochs that this process has done.
    package var done: Int { max(0, (last?.epoch ?? 0) - earlier) }
  }

  package let cell: String
  package private(set) var phase = Phase.compiling
  /// When the phase began.
  package private(set) var since: ContinuousClock.Instant
  package private(set) var trainings: [Training] = []
  /// The progress that the cell itself last reported. The report of a later training run replaces it.
  package private(set) var own: (fraction: Double, note: String)?
  /// The pace of the cell's own progress.
  private var pace: Pace?

  /// The job's position in the queue, or the machine on which it runs.
  package private(set) var place: String?

  /// The greatest number of records kept of a training run; they are spread evenly over its epochs.
  private static let greatestRecordCount = 1_000

  package init(cell: String, at now: ContinuousClock.Instant) {
    self.cell = cell
    since = now
  }

  package mutating func run(at now: ContinuousClock.Instant) {
    phase = .running
    since = now
  }

  package mutating func note(_ event: CellEvent, at now: ContinuousClock.Instant) {
    switch event {
    case .epoch(let label, let record, let epochs, let earlier):
      (own, pace) = (nil, nil)
      // If the epochs of a known label begin again, the run is a new one.
      if trainings.last?.label != label || (trainings.last?.last?.epoch ?? 0) >= record.epoch {
        trainings.append(Training(label: label, epochs: epochs, earlier: earlier, start: now, records: []))
      }
      if record.epoch > earlier, trainings[trainings.count - 1].done == 0 {
        // The first event is sent at the end of its epoch.
        trainings[trainings.count - 1].start = now - .seconds(clamping: record.seconds)
      }
      trainings[trainings.count - 1].epochs = epochs
      trainings[trainings.count - 1].add(record, limit: Self.greatestRecordCount)
    case .progress(let fraction, let note):
      let fraction = min(1, max(0, fraction))
      own = (fraction, note)
      if pace == nil { pace = Pace(fraction, at: now) }
      pace?.note(fraction, at: now)
    case .placed(let text):
      place = text
    default:
      break
    }
  }

  /// The completed part of the current activity, from 0 to 1; nil when unknown.
  package var fraction: Double? {
    if let own { return own.fraction }
    guard let training = trainings.last, let last = training.last, training.epochs > 0 else { return nil }
    return min(1, Double(last.epoch) / Double(training.epochs))
  }

  /// The estimated seconds left at the current pace.
  package func secondsLeft(at now: ContinuousClock.Instant) -> Double? {
    if own != nil { return pace?.secondsLeft(at: now) }
    guard let training = trainings.last, training.done > 0 else { return nil }
    let left = max(0, training.epochs - training.earlier - training.done)
    return (now - training.start) / .seconds(1) * Double(left) / Double(training.done)
  }

  /// The progress in words, which are shown before the time left.
  package var position: [String] {
    if let own { return ["\(Int(clamping: (own.fraction * 100).rounded())) %", own.note].filter { !$0.isEmpty } }
    guard let training = trainings.last, let record = training.last else { return [] }
    return [
      training.label, "epoch \(record.epoch)/\(training.epochs)", training.loss.map { "loss \(significant($0))" } ?? "",
    ].filter { !$0.isEmpty }
  }

  package func seconds(at now: ContinuousClock.Instant) -> Double {
    (now - since) / .seconds(1)
  }
}

/// The pace of work that reports its completed fraction, from 0 to 1, now and then.
///
/// The fraction at the first report doesn't count: an earlier process may have done that part.
package struct Pace: Sendable {
  private let start: ContinuousClock.Instant
  private let first: Double
  private var last: Double

  /// Begins with the first report.
  package init(_ fraction: Double, at now: ContinuousClock.Instant) {
    (start, first, last) = (now, fraction, fraction)
  }

  /// Notes a further report. A smaller fraction than the one before is the first one of other work.
  package mutating func note(_ fraction: Double, at now: ContinuousClock.Instant) {
    if fraction < last { self = Pace(fraction, at: now) }
    last = fraction
  }

  /// The part, from 0 to 1, that is completed of what was left at the first report.
  package var part: Double { first < 1 ? (last - first) / (1 - first) : 0 }

  /// The seconds since the first report.
  package func seconds(at now: ContinuousClock.Instant) -> Double { (now - start) / .seconds(1) }

  /// The estimated seconds left; nil without progress since the first report.
  package func secondsLeft(at now: ContinuousClock.Instant) -> Double? {
    part > 0 ? seconds(at: now) * (1 - part) / part : nil
  }
}

extension CellActivity.Training {
  /// Adds a record. Above the limit, every other record except the last is dropped.
  fileprivate mutating func add(_ record: EpochRecord, limit: Int) {
    if records.count >= limit {
      records = records.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
    }
    records.append(record)
  }

  /// The loss to show: the validation loss, or the training loss where there is no validation part.
  package var loss: Double? {
    last.map { $0.validationLoss ?? $0.trainingLoss }
  }
}
