import Basics
import Core
import Plot
import Wire

/// What a cell that has not settled is doing, as its events tell: a state that changes with each, and nothing else.
package struct CellActivity: Sendable {
  package enum Phase: Sendable {
    case compiling, running
  }

  /// A training run of the cell, as far as it has come.
  package struct Training: Sendable {
    package var label: String
    /// How many epochs there will be at most.
    package var epochs: Int
    /// How many epochs an earlier process did.
    package var earlier: Int
    /// When the first epoch began that this process does.
    package var start: ContinuousClock.Instant
    /// Records as they came; not every epoch sends one.
    package var records: [EpochRecord]

    package var last: EpochRecord? { records.last }
    /// How many epochs this process has done.
    package var done: Int { max(0, (last?.epoch ?? 0) - earlier) }
  }

  package let cell: String
  package private(set) var phase = Phase.compiling
  /// When the phase began.
  package private(set) var since: ContinuousClock.Instant
  package private(set) var trainings: [Training] = []
  /// The cell's own account of how far it is, which a training run that begins later takes the place of.
  package private(set) var own: (fraction: Double, note: String)?

  /// Where its job stands in a queue, or runs.
  package private(set) var place: String?

  /// Of a training run's records no more than this are kept, evenly spread.
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
      own = nil
      // A run with a label that was there before is a new one when its epochs begin anew.
      if trainings.last?.label != label || (trainings.last?.last?.epoch ?? 0) >= record.epoch {
        trainings.append(Training(label: label, epochs: epochs, earlier: earlier, start: now, records: []))
      }
      if record.epoch > earlier, trainings[trainings.count - 1].done == 0 {
        // The first event comes after an epoch that had begun before it.
        trainings[trainings.count - 1].start = now - .seconds(clamping: record.seconds)
      }
      trainings[trainings.count - 1].epochs = epochs
      trainings[trainings.count - 1].add(record, limit: Self.greatestRecordCount)
    case .progress(let fraction, let note):
      own = (min(1, max(0, fraction)), note)
    case .placed(let text):
      place = text
    default:
      break
    }
  }

  /// The part done of what the cell is at, from 0 to 1; nil when nothing is known.
  package var fraction: Double? {
    if let own { return own.fraction }
    guard let training = trainings.last, let last = training.last, training.epochs > 0 else { return nil }
    return min(1, Double(last.epoch) / Double(training.epochs))
  }

  /// Seconds that what it is at will still take if it goes on as it did.
  package func secondsLeft(at now: ContinuousClock.Instant) -> Double? {
    if let own {
      return own.fraction > 0 ? (now - since) / .seconds(1) * (1 - own.fraction) / own.fraction : nil
    }
    guard let training = trainings.last, training.done > 0 else { return nil }
    let left = max(0, training.epochs - training.earlier - training.done)
    return (now - training.start) / .seconds(1) * Double(left) / Double(training.done)
  }

  /// How far it is, in words: what goes before a bar's time left.
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

extension CellActivity.Training {
  /// Adds a record; where there are too many, every other one goes, but never the last.
  fileprivate mutating func add(_ record: EpochRecord, limit: Int) {
    if records.count >= limit {
      records = records.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
    }
    records.append(record)
  }

  /// The loss that counts: of the validation samples where there are any.
  package var loss: Double? {
    last.map { $0.validationLoss ?? $0.trainingLoss }
  }
}
