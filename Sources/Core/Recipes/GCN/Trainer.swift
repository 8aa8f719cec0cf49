import Foundation
import Numerics

/// The result of training a network on encoded graphs.
struct TrainedNetwork: Sendable {
  var network: GCN
  var scale: TargetScale
  var curve: [EpochRecord]
  /// The number of the chosen epoch, from 1.
  var chosenEpoch: Int
  /// The wall-clock time in seconds; for a continued run the time of all parts together.
  var seconds: Double
}

/// Trains one GCN on one set of encoded graphs. After the start of the first epoch, only the history allocates
/// memory.
final class Trainer: EpochLearner {
  private let configuration: GCN.Configuration
  let options: TrainingOptions
  let context: TrainingContext
  let scale: TargetScale
  let weights: Buffer<Float>
  let batchSize: Int
  var progress: StepProgress
  private let featureCount: Int
  private let trainingTargets: [Double]
  private let validationTargets: [Double]
  private let batch: BatchRows
  private let validationBatch: BatchRows?
  private let pass: GCNPass
  private let optimizer: OptimizerState
  private let outputGradients: Buffer<Float>
  private var loss: BatchLoss
  private let dropoutSeed: UInt64
  private let validationOrder: [Int32]

  /// - Parameters:
  ///   - targets: The unscaled target of each graph.
  ///   - training: The indices of the graphs to learn from.
  ///   - validation: The indices of the graphs that choose the best epoch; may be empty.
  /// - Throws: `InputError` when a setting, a graph or a target is invalid.
  init(
    _ configuration: GCN.Configuration, graphs: EncodedGraphs, targets: [Double], training: [Int], validation: [Int],
    options: TrainingOptions, context: TrainingContext
  ) throws {
    try options.validate()
    try graphs.validate()
    if targets.count != graphs.count {
      throw InputError("there are \(targets.count) targets for \(graphs.count) graphs")
    }
    if training.isEmpty { throw InputError.emptyTraining }
    for (part, name) in [(training, "training"), (validation, "validation")] {
      if let graph = part.first(where: { !(0..<graphs.count).contains($0) }) {
        throw InputError.noSample(graph, of: graphs.count, in: "\(name) part")
      }
      if Set(part).count != part.count {
        throw InputError("the \(name) part names a sample twice", remedy: "Name each sample once.")
      }
    }
    let scale = try options.targetScaling.fitted(to: training.map { targets[$0] })
    try options.targetScaling.validate(validation.lazy.map { targets[$0] })
    try options.loss.validate(targets: (training + validation).lazy.map { targets[$0] })
    self.configuration = configuration
    self.options = options
    self.context = context
    self.scale = scale
    featureCount = graphs.featureCount
    trainingTargets = training.map { scale.scaled(targets[$0]) }
    validationTargets = validation.map { scale.scaled(targets[$0]) }

    var random = SeededGenerator(seed: options.seed)
    loss = BatchLoss(options.loss, scale: scale)
    let outputCount = options.loss.outputHead.count
    let network = try GCN(
      configuration, featureCount: graphs.featureCount, outputCount: outputCount, seed: random.next())
    dropoutSeed = random.next()
    weights = Buffer(network.parameters.count, repeating: 0)
    weights.copy(network.parameters)
    optimizer = OptimizerState(options.optimizer, count: network.parameters.count)

    let batchSize = min(options.batchSize, training.count)
    self.batchSize = batchSize
    let team = ThreadTeam(context.threads)
    batch = BatchRows(
      RowTable(
        graphs, selection: training, layers: configuration.layers, readout: configuration.readout,
        mergesEqualRows: configuration.dropout == 0, team: team), capacity: batchSize)
    validationBatch =
      validation.isEmpty
      ? nil
      : BatchRows(
        RowTable(
          graphs, selection: validation, layers: configuration.layers, readout: configuration.readout,
          mergesEqualRows: true, team: team), capacity: min(validation.count, max(batchSize, 256)))
    pass = GCNPass(
      configuration, featureCount: graphs.featureCount, outputCount: outputCount,
      batches: [batch] + (validationBatch.map { [$0] } ?? []), learns: true, team: team)
    outputGradients = Buffer(batchSize * outputCount, repeating: 0)
    validationOrder = Array(0..<Int32(validation.count))
    progress = StepProgress(
      random: random, order: Array(0..<Int32(training.count)),
      learningRate: LearningRateProgress(
        options.schedule, rate: options.learningRate, epochs: options.epochs,
        stepsPerEpoch: (training.count + batchSize - 1) / batchSize))
  }

  var optimizerState: OptimizerState.Snapshot {
    get { optimizer.snapshot }
    set { optimizer.restore(newValue) }
  }

  /// Trains all epochs, continuing from `state`. Checkpoints go to the context's storage.
  ///
  /// - Throws: `TrainingDivergence` when the loss is NaN or too large.
  func run(from state: TrainerState? = nil) throws -> TrainedNetwork {
    let trained = try runEpochs(from: state)
    return TrainedNetwork(
      network: try GCN(
        configuration, featureCount: featureCount, outputCount: loss.width, parameters: trained.parameters),
      scale: scale, curve: trained.curve, chosenEpoch: trained.chosenEpoch, seconds: trained.seconds)
  }

  /// Trains one epoch and returns the mean loss.
  func learn(epoch: Int) throws -> Double {
    progress.shuffle()
    let order = progress.order
    var total = 0.0
    var number = 0
    for first in stride(from: 0, to: order.count, by: batchSize) {
      number += 1
      let graphs = order[first..<min(first + batchSize, order.count)]
      batch.select(graphs, withTransposes: true)
      let dropout =
        configuration.dropout > 0
        ? Dropout(probability: configuration.dropout, seed: dropoutSeed &+ UInt64(progress.step)) : nil
      pass.forward(batch, parameters: weights.pointer, dropout: dropout)
      let sum = loss.evaluate(
        graphs.count, output: { Double(pass.outputs.pointer[$0]) },
        target: { trainingTargets[Int(graphs[graphs.startIndex + $0])] })
      for (position, derivative) in loss.derivatives.enumerated() {
        outputGradients.pointer[position] = Float(derivative / Double(graphs.count))
      }
      let rate = progress.rate
      try requireSound(sum / Double(graphs.count), epoch: epoch, batch: number)
      total += sum
      // Limiting the norm needs all gradients before any weight changes; otherwise each weight is updated at once.
      let isLimited = options.gradientNormLimit != nil
      pass.backward(
        batch, parameters: weights.pointer, dropout: dropout, outputGradients: outputGradients.pointer,
        step: isLimited ? nil : optimizer.nextStep(rate: rate))
      if isLimited {
        optimizer.step(weights: weights, gradients: pass.gradients, rate: rate, gradientScale: gradientScale())
      }
      progress.step += 1
    }
    return total / Double(order.count)
  }

  /// The factor that limits the norm of the gradients.
  private func gradientScale() -> Double {
    guard let limit = options.gradientNormLimit else { return 1 }
    var squares = 0.0
    for position in 0..<pass.gradients.count {
      let gradient = Double(pass.gradients.pointer[position])
      squares += gradient * gradient
    }
    let norm = squares.squareRoot()
    return norm > limit ? limit / norm : 1
  }

  /// The mean loss over the validation part; nil if it is empty.
  func validate(epoch: Int) -> Double? {
    guard let validationBatch else { return nil }
    var sum = 0.0
    let count = validationTargets.count
    let batchSize = validationBatch.readout.rowCapacity
    for first in stride(from: 0, to: count, by: batchSize) {
      let end = min(first + batchSize, count)
      validationBatch.select(validationOrder[first..<end], withTransposes: false)
      pass.forward(validationBatch, parameters: weights.pointer, dropout: nil)
      sum += loss.evaluate(
        end - first, output: { Double(pass.outputs.pointer[$0]) }, target: { validationTargets[first + $0] })
    }
    return sum / Double(count)
  }
}
