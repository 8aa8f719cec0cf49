import Foundation
import Synchronization
import Testing

@testable import Core

/// A storage in memory that remembers everything that was saved.
final class MemoryStorage: Sendable {
  private let kept = Mutex<[(key: String, data: Data)]>([])

  /// A storage that finds the last data saved under a key, or only `found`.
  func storage(finding found: (key: String, data: Data)? = nil) -> KeyedStorage {
    KeyedStorage(
      load: { [self] key in found.map { $0.key == key ? $0.data : nil } ?? all.last { $0.key == key }?.data },
      save: { [self] key, data in kept.withLock { $0.append((key, data)) } })
  }

  var all: [(key: String, data: Data)] { kept.withLock { $0 } }
}

/// A killed process leaves what it saved last, so training must continue from each saved state.
@Suite struct TrainingCheckpointsTests {
  struct Case: CustomTestStringConvertible {
    var name: String
    var options: TrainingOptions
    var dropout = 0.0
    var validation = 10

    var testDescription: String { name }
  }

  static let cases = [
    Case(name: "AdamW, cosine", options: TrainingOptions(epochs: 6, batchSize: 16, schedule: .cosine())),
    Case(
      name: "AdamW, plateau, dropout",
      options: TrainingOptions(
        epochs: 9, batchSize: 16, learningRate: 3e-2, schedule: .reduceOnPlateau(patience: 0).warmUp(epochs: 2)),
      dropout: 0.3),
    Case(
      name: "SGD, plateau",
      options: TrainingOptions(
        epochs: 6, batchSize: 7, learningRate: 1e-2, schedule: .reduceOnPlateau(patience: 1), optimizer: .sgd())),
    Case(
      name: "SGD, cosine, dropout, no validation",
      options: TrainingOptions(epochs: 5, batchSize: 16, schedule: .cosine(), optimizer: .sgd(weightDecay: 0.01)),
      dropout: 0.1, validation: 0),
    Case(
      name: "early stopping",
      options: TrainingOptions(
        epochs: 60, batchSize: 8, learningRate: 3e-2, schedule: .constant, earlyStopping: EarlyStopping(patience: 2))),
  ]

  private static let data = Result { try PrunedResNet.load("epyc-ort-1t")[Array(0..<50)] }

  private func run(_ given: Case, label: String = "kept") throws -> TrainingRun {
    try train(
      GCN.Configuration(layers: 2, hiddenUnits: 9, dropout: given.dropout), on: Self.data.get(),
      split: Split(training: Array(0..<40), validation: Array(40..<40 + given.validation), test: []),
      options: given.options, label: label)
  }

  /// Runs `body` with the state of a new process.
  private func process<Result>(
    _ storage: KeyedStorage, every interval: Duration = .zero, _ body: () throws -> Result
  ) rethrows -> Result {
    var context = TrainingContext.current
    context.checkpoints = TrainingCheckpoints(storage: storage, every: interval)
    return try context.run(body)
  }

  private func isSame(_ left: TrainingRun, _ right: TrainingRun) -> Bool {
    left.predictor.network.parameters.map(\.bitPattern) == right.predictor.network.parameters.map(\.bitPattern)
      && left.predictor == right.predictor && left.chosenEpoch == right.chosenEpoch
      && left.curve.map(\.trainingLoss) == right.curve.map(\.trainingLoss)
      && left.curve.map(\.validationLoss) == right.curve.map(\.validationLoss)
      && left.curve.map(\.learningRate) == right.curve.map(\.learningRate)
  }

  @Test(arguments: cases) func goesOnFromAnyEpochToTheSameBits(_ given: Case) throws {
    let memory = MemoryStorage()
    let plain = try run(given)
    let whole = try process(memory.storage()) { try run(given) }
    #expect(isSame(whole, plain), "keeping checkpoints changes nothing")
    let saved = memory.all.filter { $0.key == memory.all[0].key }
    // The states are one for each epoch, except the last epoch of a run that stops early, and the finished run.
    #expect(saved.count == whole.curve.count + (given.options.earlyStopping == nil ? 1 : 0))
    for (epoch, kept) in saved.enumerated() {
      let after = MemoryStorage()
      let resumed = try process(after.storage(finding: kept)) { try run(given) }
      #expect(isSame(resumed, plain), "after epoch \(epoch + 1)")
      // Epochs that weren't repeated keep the first process's times.
      let common = min(epoch + 1, whole.curve.count)
      #expect(resumed.curve.prefix(common) == whole.curve.prefix(common))
      #expect(after.all.count == saved.count - 1 - epoch, "no more epochs than are left")
    }
  }

  @Test func finishedRunsAreNotTrainedAgain() throws {
    let memory = MemoryStorage()
    let first = try process(memory.storage()) { try ["a", "b"].map { try run(Self.cases[0], label: $0) } }
    let count = memory.all.count
    let again = try process(memory.storage()) { try ["a", "b", "c"].map { try run(Self.cases[0], label: $0) } }
    #expect(Array(again.prefix(2)) == first)
    #expect(memory.all.count == count + count / 2)
  }

  /// Two identical calls are trained twice, in the first process and in the next one.
  @Test func equalCallsHavePlacesOfTheirOwn() throws {
    let memory = MemoryStorage()
    let twice = try process(memory.storage()) { try [run(Self.cases[0]), run(Self.cases[0])] }
    #expect(Set(memory.all.map(\.key)).count == 2)
    #expect(try process(memory.storage()) { try [run(Self.cases[0]), run(Self.cases[0])] } == twice)
  }

  @Test func otherSettingsAreOtherRuns() throws {
    let memory = MemoryStorage()
    var others = Array(repeating: Self.cases[0], count: 4)
    others[1].options.learningRate = 2e-3
    others[2].dropout = 0.2
    others[3].validation = 9
    try process(memory.storage()) { for given in others { _ = try run(given) } }
    #expect(Set(memory.all.map(\.key)).count == 4)
    #expect(memory.all.allSatisfy { $0.key.count == 66 && $0.key.hasSuffix("-1") })
  }

  /// Data that isn't exactly what was saved under the key is ignored, and the run starts from the beginning.
  @Test func damagedOrForeignCheckpointsAreIgnored() throws {
    let memory = MemoryStorage()
    let plain = try process(memory.storage()) { try run(Self.cases[0]) }
    let state = memory.all[2].data
    let foreign = MemoryStorage()
    _ = try process(foreign.storage()) { try run(Self.cases[0], label: "other") }
    var damaged: [Data] = [
      Data(), Data("labbook-checkpoint-1\n".utf8), state.dropLast(), state + [0], foreign.all[2].data,
    ]
    for position in stride(from: 0, to: state.count, by: state.count / 40) {
      var flipped = state
      flipped[position] ^= 4
      damaged.append(flipped)
    }
    for data in damaged {
      let kept = (memory.all[0].key, data)
      let after = MemoryStorage()
      let resumed = try process(after.storage(finding: kept)) { try run(Self.cases[0]) }
      #expect(isSame(resumed, plain))
      #expect(after.all.count == memory.all.count, "every epoch was gone through again")
    }
  }

  /// With a long interval, only the finished run is saved.
  @Test func savesNoMoreOftenThanAsked() throws {
    let memory = MemoryStorage()
    _ = try process(memory.storage(), every: .seconds(3600)) { try run(Self.cases[0]) }
    #expect(memory.all.count == 1)
  }

  @Test func watchersSeeTheWholeRun() throws {
    let memory = MemoryStorage()
    let whole = try process(memory.storage()) { try run(Self.cases[0], label: "watched") }
    let seen = Mutex<[TrainingProgress]>([])
    var context = TrainingContext.current
    context.progress = { progress in seen.withLock { $0.append(progress) } }
    try context.run {
      for (kept, resumed) in [(memory.all[2], 3), (memory.all[memory.all.count - 1], 6)] {
        seen.withLock { $0 = [] }
        _ = try process(MemoryStorage().storage(finding: kept)) { try run(Self.cases[0], label: "watched") }
        #expect(seen.withLock { $0.map(\.record.trainingLoss) } == whole.curve.map(\.trainingLoss))
        #expect(seen.withLock { $0.first?.resumed } == resumed)
      }
    }
  }

  /// Two concurrent runs, each with its own observer.
  @Test func observersDoNotSeeEachOther() throws {
    let seen = Mutex<[String: Set<String>]>([:])
    _ = try sweep(over: ["one", "two", "three"], threads: 3) { name in
      var context = TrainingContext.current
      context.progress = { progress in seen.withLock { _ = $0[name, default: []].insert(progress.run) } }
      try context.run { _ = try run(Self.cases[0], label: name) }
    }
    #expect(seen.withLock { $0 } == ["one": ["one"], "two": ["two"], "three": ["three"]])
  }
}
