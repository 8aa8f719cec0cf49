import Foundation
import Synchronization
import Testing

@testable import Core

@Suite struct TrainerTests {
  private let graphs = EncodedGraphs.random(count: 40, nodes: 3...9, seed: 3)

  /// Targets that a network can learn, made from a graph's size and features.
  private var targets: [Double] {
    (0..<graphs.count).map { graph in
      let rows = graphs.nodeOffsets[graph]..<graphs.nodeOffsets[graph + 1]
      return 1 + rows.reduce(0) { $0 + Double(graphs.features[$1 * graphs.featureCount]) }
    }
  }

  private func train(
    _ configuration: GCN.Configuration = GCN.Configuration(layers: 3, hiddenUnits: 16), graphs: EncodedGraphs? = nil,
    targets: [Double]? = nil, training: [Int] = Array(0..<30), validation: [Int] = Array(30..<40),
    options: TrainingOptions, label: String = "", context: TrainingContext = .current
  ) throws -> TrainedNetwork {
    var context = context
    context.label = label
    return try Trainer(
      configuration, graphs: graphs ?? self.graphs, targets: targets ?? self.targets, training: training,
      validation: validation, options: options, context: context
    ).run()
  }

  private func loss(_ trained: TrainedNetwork, on part: Range<Int>) throws -> Double {
    let outputs = try trained.network.outputs(for: graphs)
    return part.reduce(0) { $0 + abs(Double(outputs[$1]) - trained.scale.scaled(targets[$1])) } / Double(part.count)
  }

  @Test func learns() throws {
    let trained = try train(
      validation: [], options: TrainingOptions(epochs: 200, batchSize: 8, learningRate: 1e-2))
    #expect(trained.curve.count == 200)
    #expect(try loss(trained, on: 0..<30) < 0.1)
    #expect(trained.curve[199].trainingLoss < trained.curve[0].trainingLoss / 8)
  }

  @Test(arguments: [0, 0.3]) func sameSeedSameBits(_ dropout: Double) throws {
    let configuration = GCN.Configuration(layers: 3, hiddenUnits: 13, dropout: dropout)
    let first = try train(configuration, options: TrainingOptions(epochs: 3, batchSize: 7, seed: 5))
    let second = try train(configuration, options: TrainingOptions(epochs: 3, batchSize: 7, seed: 5))
    let other = try train(configuration, options: TrainingOptions(epochs: 3, batchSize: 7, seed: 6))
    #expect(first.network.parameters.map(\.bitPattern) == second.network.parameters.map(\.bitPattern))
    #expect(first.curve.map(\.trainingLoss) == second.curve.map(\.trainingLoss))
    #expect(first.network.parameters != other.network.parameters)
  }

  /// The layers are wide enough for their work to be split among threads.
  @Test(arguments: [0, 0.3]) func threadsDecideOnNoBit(_ dropout: Double) throws {
    let configuration = GCN.Configuration(layers: 2, hiddenUnits: 600, dropout: dropout)
    let runs = try [1, 3].map { threads in
      var context = TrainingContext.current
      context.threads = threads
      return try train(configuration, options: TrainingOptions(epochs: 1, batchSize: 10), context: context)
    }
    #expect(runs[0].network.parameters.map(\.bitPattern) == runs[1].network.parameters.map(\.bitPattern))
  }

  /// Weights are updated while their gradient is in cache. If the gradients' norm has to be known first, they are
  /// updated at the end.
  @Test(arguments: [Optimizer.adamW(), .sgd()]) func stepsInPartsAreStepsAsAWhole(_ optimizer: Optimizer) throws {
    var options = TrainingOptions(epochs: 2, batchSize: 10, optimizer: optimizer)
    let parts = try train(options: options)
    options.gradientNormLimit = 1e30
    let whole = try train(options: options)
    #expect(zip(parts.network.parameters, whole.network.parameters).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  @Test func endsWithTheBestEpochsWeights() throws {
    let options = TrainingOptions(epochs: 40, batchSize: 8, learningRate: 2e-2, schedule: .constant)
    let trained = try train(options: options)
    let losses = trained.curve.compactMap(\.validationLoss)
    let best = try #require(losses.min())
    #expect(losses[trained.chosenEpoch - 1] == best)
    #expect(trained.chosenEpoch < 40, "the case has to go on beyond its best epoch")
    #expect(abs(try loss(trained, on: 30..<40) - best) < 1e-5)
    // A shorter run that ends there has the same weights.
    var shorter = options
    shorter.epochs = trained.chosenEpoch
    #expect(try train(validation: [], options: shorter).network == trained.network)
  }

  @Test func stopsEarly() throws {
    let trained = try train(
      options: TrainingOptions(
        epochs: 200, batchSize: 8, learningRate: 2e-2, schedule: .constant, earlyStopping: EarlyStopping(patience: 5)))
    #expect(trained.curve.count == trained.chosenEpoch + 6)
  }

  @Test func withoutValidationTheLastEpochIsTheBest() throws {
    let trained = try train(validation: [], options: TrainingOptions(epochs: 4))
    #expect(trained.chosenEpoch == 4)
    #expect(trained.curve.allSatisfy { $0.validationLoss == nil })
  }

  @Test func gradientsAreShortened() throws {
    func moved(_ limit: Double?) throws -> Float {
      let options = TrainingOptions(
        epochs: 1, batchSize: 40, learningRate: 1, schedule: .constant, optimizer: .sgd(momentum: 0),
        gradientNormLimit: limit)
      let start = try train(validation: [], options: TrainingOptions(epochs: 1, batchSize: 40, learningRate: 1e-30))
      let end = try train(validation: [], options: options)
      return zip(start.network.parameters, end.network.parameters).reduce(0) {
        $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
      }.squareRoot()
    }
    #expect(try moved(nil) > 0.1)
    #expect(abs(try moved(0.01) - 0.01) < 1e-4)
  }

  @Test(arguments: [1, 3, 30, 1000]) func anyBatchSizeWillDo(_ batchSize: Int) throws {
    let trained = try train(options: TrainingOptions(epochs: 2, batchSize: batchSize))
    #expect(trained.curve.count == 2)
    #expect(trained.network.parameters.allSatisfy { $0.isFinite })
  }

  @Test func constantTargetsAreLearned() throws {
    let trained = try train(
      targets: Array(repeating: 2.5, count: 40), options: TrainingOptions(epochs: 30, learningRate: 1e-2))
    let outputs = try trained.network.outputs(for: graphs)
    #expect(outputs.allSatisfy { abs(trained.scale.unscaled(Double($0)) - 2.5) < 0.5 })
  }

  @Test func oneNodeAndTenThousand() throws {
    let mixed = EncodedGraphs.random(count: 3, nodes: 1...1, seed: 1)
    var large = mixed
    let nodes: Int32 = 10_000
    for node in 0..<nodes {
      large.neighbours += node == 0 ? Array(0..<nodes) : [node, min(node + 1, nodes - 1)]
      if node == nodes - 1 { large.neighbours.removeLast() }
      large.neighbourOffsets.append(large.neighbours.count)
      large.features += [Float(node % 7), 1, Float(node % 3), 0]
    }
    large.nodeOffsets.append(large.nodeOffsets[3] + Int(nodes))
    let trained = try train(
      graphs: large, targets: [1, 2, 3, 4], training: [0, 1, 3], validation: [2], options: TrainingOptions(epochs: 2))
    let outputs = try trained.network.outputs(for: large)
    #expect(outputs.allSatisfy { $0.isFinite })
  }

  @Test func noGraphsHaveNoOutputs() throws {
    let network = try GCN(GCN.Configuration(), featureCount: 4, seed: 1)
    #expect(try network.outputs(for: EncodedGraphs(featureCount: 4)) == [])
  }

  @Test(arguments: [
    (Optimizer.sgd(), 1e30, "nan in epoch 1, batch 2"), (.adamW(), 1e8, "in epoch 1, batch 2"),
  ]) func divergenceNamesEpochBatchAndRate(_ optimizer: Optimizer, _ rate: Double, _ place: String) throws {
    let options = TrainingOptions(
      epochs: 3, batchSize: 10, learningRate: rate, schedule: .constant, optimizer: optimizer)
    let error = #expect(throws: TrainingDivergence.self) { _ = try train(options: options, label: "wild") }
    #expect(error?.epoch == 1)
    #expect(error?.batch == 2)
    #expect(error?.learningRate == rate)
    let text = error?.description ?? ""
    #expect(text.hasPrefix("training \"wild\" diverged: the loss is "))
    #expect(
      text.hasSuffix(
        "in epoch 1, batch 2, at learning rate \(rate)\n"
          + "  Lower the learning rate, let it warm up, or limit the gradients' norm."))
  }

  /// No later batch shows the divergence; the validation loss or the weights do.
  @Test(arguments: [(Array(30..<40), 1e30), ([], 1e300)])
  func divergenceInTheLastStepIsSeen(_ validation: [Int], _ rate: Double) throws {
    let options = TrainingOptions(
      epochs: 1, batchSize: 40, learningRate: rate, schedule: .constant, optimizer: .sgd())
    let error = #expect(throws: TrainingDivergence.self) { _ = try train(validation: validation, options: options) }
    #expect(error?.batch == 1)
  }

  @Test func whatItCanNotDo() throws {
    let table: [(String, () throws -> Void)] = [
      (
        "the training part is empty\n  Split the data so that the training part has samples.",
        { _ = try train(training: [], options: TrainingOptions()) }
      ),
      (
        "the validation part names sample 40 of 40\n  Use a split that was made of this data set.",
        { _ = try train(validation: [40], options: TrainingOptions()) }
      ),
      (
        "the training part names a sample twice\n  Name each sample once.",
        { _ = try train(training: [1, 2, 1], options: TrainingOptions()) }
      ),
      ("there are 2 targets for 40 graphs", { _ = try train(targets: [1, 2], options: TrainingOptions()) }),
      ("training can't take 0 epochs\n  Use at least one.", { _ = try train(options: TrainingOptions(epochs: 0)) }),
      (
        "a batch can't have 0 graphs\n  Use at least one; 10 to 128 are usual.",
        { _ = try train(options: TrainingOptions(batchSize: 0)) }
      ),
      (
        "the learning rate nan is not a number above 0\n  1e-4 to 1e-2 are usual.",
        { _ = try train(options: TrainingOptions(learningRate: .nan)) }
      ),
      (
        "a GCN can't have 0 layers\n  Use 1 to 1024; four is usual.",
        { _ = try train(GCN.Configuration(layers: 0), options: TrainingOptions()) }
      ),
      (
        "the dropout probability 1.0 is not between 0 and 0.99\n  0.002 is usual.",
        { _ = try train(GCN.Configuration(dropout: 1), options: TrainingOptions()) }
      ),
    ]
    for (expected, body) in table { #expect(try message(body) == expected) }
  }

  @Test func graphsThatCanNotBeTrainedOn() throws {
    var empty = graphs
    empty.nodeOffsets[1] = 0
    #expect(
      try message { _ = try train(graphs: empty, options: TrainingOptions()) }
        == "graph 0 has no nodes\n  Remove it, or give it at least one node.")
    var wild = graphs
    wild.neighbours[wild.neighbours.count - 1] = 1000
    #expect(
      try message { _ = try train(graphs: wild, options: TrainingOptions()) }.contains("graph 39 has a neighbour 1000"))
    var infinite = graphs
    infinite.features[graphs.featureCount * graphs.nodeOffsets[2] + 1] = .infinity
    #expect(
      try message { _ = try train(graphs: infinite, options: TrainingOptions()) } == """
        feature 1 of node 0 of graph 2 is inf
          Features must be finite numbers; look at that node's attributes.
        """)
  }

  @Test func everyEpochIsReported() throws {
    let seen = Mutex<[TrainingProgress]>([])
    var context = TrainingContext.current
    context.progress = { progress in seen.withLock { $0.append(progress) } }
    let trained = try train(options: TrainingOptions(epochs: 3), label: "reported", context: context)
    let reports = seen.withLock { $0 }
    #expect(reports.map(\.record) == trained.curve)
    #expect(reports.allSatisfy { $0.run == "reported" && $0.epochs == 3 && $0.resumed == 0 })
    #expect(trained.curve.map(\.epoch) == [1, 2, 3])
    // The rates of the last steps of three epochs with one batch each: (1 + cos(pi k / 3)) / 2.
    #expect(zip(trained.curve, [1, 0.75, 0.25]).allSatisfy { abs($0.learningRate - 1e-3 * $1) < 1e-12 })
  }
}
