import Foundation
import Synchronization
import Testing

@testable import Core

@Suite struct WeightChoiceTests {
  private let graphs = EncodedGraphs.random(count: 20, nodes: 2...6, seed: 4)
  private var targets: [Double] { (0..<20).map { 1 + Double($0 * 7 % 5) } }

  private func train(
    epochs: Int, _ weights: WeightChoice, decay: LearningRateSchedule = .constant, validation: [Int] = [18, 19],
    from state: TrainerState? = nil
  ) throws -> TrainedNetwork {
    try Trainer(
      GCN.Configuration(layers: 2, hiddenUnits: 6), graphs: graphs, targets: targets, training: Array(0..<18),
      validation: validation,
      options: TrainingOptions(epochs: epochs, batchSize: 6, schedule: decay, weights: weights, seed: 9),
      context: .current
    ).run(from: state)
  }

  @Test func lastEpochWhateverTheValidationSays() throws {
    let trained = try train(epochs: 12, .lastEpoch)
    #expect(trained.chosenEpoch == 12)
    #expect(trained.curve.allSatisfy { $0.validationLoss != nil })
    #expect(try trained.network == train(epochs: 12, .bestEpoch, validation: []).network)
  }

  @Test func averageOfTheLastEpochs() throws {
    // At a constant rate, a run of fewer epochs is a prefix of the longer one.
    let singles = try (7...8).map { try train(epochs: $0, .lastEpoch).network.parameters }
    let trained = try train(epochs: 8, .average(share: 0.25))
    #expect(trained.chosenEpoch == 8)
    for (position, value) in trained.network.parameters.enumerated() {
      #expect(value == Float((Double(singles[0][position]) + Double(singles[1][position])) / 2))
    }
    #expect(try train(epochs: 8, .average(share: 0.1)).network == train(epochs: 8, .lastEpoch).network)
  }

  @Test func averageGoesOnAfterABreak() throws {
    let options = TrainingOptions(epochs: 6, batchSize: 8, weights: .average(share: 0.5), seed: 2)
    let data = try Dataset(
      device: "d", graphs: (0..<12).map { try chain("\($0)", Array(repeating: Node(.relu), count: 1 + $0 % 4)) },
      latencies: (0..<12).map { 1 + Double($0 % 4) })
    let split = try Split(training: Array(0..<12), validation: [], test: [])
    func run() throws -> TrainingRun {
      try Core.train(GCN.Configuration(layers: 1, hiddenUnits: 4), on: data, split: split, options: options)
    }
    let whole = try run()
    let states = Box()
    var context = TrainingContext.current
    context.checkpoints = TrainingCheckpoints(
      storage: KeyedStorage(load: { _ in nil }, save: { _, data in states.append(data) }), every: .zero)
    try context.run {
      let again = try run()
      #expect(again == whole)
    }
    let kept = states.all
    // Every epoch's state is kept, then the finished run.
    #expect(kept.count == 7)
    for state in kept {
      context.checkpoints = TrainingCheckpoints(
        storage: KeyedStorage(load: { _ in state }, save: { _, _ in }), every: .zero)
      try context.run {
        let resumed = try run()
        #expect(resumed == whole)
      }
    }
  }

  @Test func whatItCanNotDo() throws {
    for share in [0, -1, 1.5, .nan] {
      #expect(
        try message { try TrainingOptions(weights: .average(share: share)).validate() }
          == "weights can't be averaged over the share \(share) of all epochs\n  Use a share above 0, up to 1.")
    }
    #expect(
      try message { try TrainingOptions(weights: .lastEpoch, earlyStopping: EarlyStopping()).validate() } == """
        a run that stops early can't have the weights of its last epochs
          Leave out earlyStopping, or choose the weights .bestEpoch.
        """)
    #expect(try handedOn(WeightChoice.average(share: 0.5)) == .average(share: 0.5))
  }
}

/// The data that were saved, in order.
private final class Box: Sendable {
  private let data = Mutex<[Data]>([])
  var all: [Data] { data.withLock { $0 } }
  func append(_ item: Data) { data.withLock { $0.append(item) } }
}
