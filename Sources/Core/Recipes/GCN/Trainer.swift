import Foundation
import Numerics

/// The result of training a network on encoded graphs.
struct TrainedNetwork: Sendable {
  var network: GCN
  var scale: TargetScale
  var curve: [EpochRecord]
  /// From 1.
  var chosenEpoch: Int
  /// Wall-clock seconds, of a continued run all together.
  var seconds: Double
}

/// Trains one GCN on one set of encoded graphs; nothing is allocated after the first epoch's start but the history.
final class Trainer {
  private let configuration: GCN.Configuration
  private let options: TrainingOptions
  private let context: TrainingContext
  private let featureCount: Int
  private let scale: TargetScale
  private let trainingTargets: [Double]
  private let validationTargets: [Double]
  private let batch: BatchRows
  private let validationBatch: BatchRows?
  private let pass: GCNPass
  private let weights: Buffer<Float>
  private let optimizer: OptimizerState
  private let outputGradients: Buffer<Float>
  private var random: SeededGenerator
  private let dropoutSeed: UInt64
  private var learningRate: LearningRateProgress
  private var order: [Int32]
  private let validationOrder: [Int32]
  private var step = 0

  /// - Parameters:
  ///   - targets: One for each of `graphs`, unscaled.
  ///   - training: The graphs to learn from, by number.
  ///   - validation: The graphs to choose the best epoch by; may be empty.
  /// - Throws: `InputError` when a setting, a graph or a target can't be used.
  init(
    _ configuration: GCN.Configuration, graphs: EncodedGraphs, targets: [Double], training: [Int], validation: [Int],
    options: TrainingOptions, context: TrainingContext
  ) throws {
    try options.validate()
    try graphs.validate()
    if targets.count != graphs.count {
      throw InputError("there are \(targets.count) targets for \(graphs.count) graphs")
    }
    if training.isEmpty {
      throw InputError(
        "the training part is empty", remedy: "Split the data so that some samples are left to train on.")
    }
    for (part, name) in [(training, "training"), (validation, "validation")] {
      if let graph = part.first(where: { !(0..<graphs.count).contains($0) }) {
        throw InputError(
          "the \(name) part names sample \(graph) of \(graphs.count)", remedy: "Use a split of this very data set.")
      }
      if Set(part).count != part.count {
        throw InputError("the \(name) part names a sample twice", remedy: "Name each sample once.")
      }
    }
    let scale = try options.targetScaling.fitted(to: training.map { targets[$0] })
    try options.loss.validate(targets: (training + validation).lazy.map { targets[$0] })
    self.configuration = configuration
    self.options = options
    self.context = context
    self.scale = scale
    featureCount = graphs.featureCount
    trainingTargets = training.map { scale.scaled(targets[$0]) }
    validationTargets = validation.map { scale.scaled(targets[$0]) }

    var random = SeededGenerator(seed: options.seed)
    let network = try GCN(configuration, featureCount: graphs.featureCount, seed: random.next())
    dropoutSeed = random.next()
    self.random = random
    weights = Buffer(network.parameters.count, repeating: 0)
    weights.copy(network.parameters)
    optimizer = OptimizerState(options.optimizer, count: network.parameters.count)

    let batchSize = min(options.batchSize, training.count)
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
      configuration, featureCount: graphs.featureCount, batches: [batch] + (validationBatch.map { [$0] } ?? []),
      learns: true, team: team)
    outputGradients = Buffer(batchSize, repeating: 0)
    order = Array(0..<Int32(training.count))
    validationOrder = Array(0..<Int32(validation.count))
    learningRate = LearningRateProgress(
      options.schedule, rate: options.learningRate, epochs: options.epochs,
      stepsPerEpoch: (training.count + batchSize - 1) / batchSize)
  }

  /// Goes through the epochs, from where `state` left off. States are kept in the context's checkpoint.
  ///
  /// - Throws: `TrainingDivergence` when the loss is no number, or far beyond the targets.
  func run(from state: TrainerState? = nil) throws -> TrainedNetwork {
    let start = ContinuousClock.now
    var history = state?.history ?? []
    history.reserveCapacity(options.epochs)
    var best = state?.best ?? BestEpoch(options.earlyStopping)
    var average = state?.average ?? WeightAverage()
    if let state { resume(state) }
    func seconds() -> Double { (state?.seconds ?? 0) + start.duration(to: .now) / .seconds(1) }
    epochs: for epoch in stride(from: history.count + 1, through: options.epochs, by: 1) {
      let start = ContinuousClock.now
      let trainingLoss = try learn(epoch: epoch)
      let validationLoss = validate()
      let rate = learningRate.rate(atStep: step - 1)
      learningRate.endEpoch(epoch, loss: validationLoss ?? trainingLoss)
      let record = EpochRecord(
        epoch: epoch, trainingLoss: trainingLoss, validationLoss: validationLoss, learningRate: rate,
        seconds: start.duration(to: .now) / .seconds(1))
      history.append(record)
      context.report(record, of: options.epochs, resumed: state?.history.count ?? 0)
      try requireSound(validationLoss, record)
      switch options.weights {
      case .bestEpoch:
        if let validationLoss, !best.record(epoch: epoch, loss: validationLoss, weights: weights.values) {
          break epochs
        }
      case .lastEpoch: break
      case .average(let share):
        if Double(epoch) > (1 - share) * Double(options.epochs) { average.add(weights.values) }
      }
      context.checkpoint?.keep { self.state(history, seconds(), best, average) }
    }
    let chosen = best.epoch > 0 ? best.weights : average.weights ?? weights.array
    return TrainedNetwork(
      network: try GCN(configuration, featureCount: featureCount, parameters: chosen),
      scale: scale, curve: history, chosenEpoch: best.epoch > 0 ? best.epoch : history.count, seconds: seconds())
  }

  private func state(
    _ history: [EpochRecord], _ seconds: Double, _ best: BestEpoch, _ average: WeightAverage
  ) -> TrainerState {
    TrainerState(
      history: history, seconds: seconds, step: step, random: random,
      order: order.withUnsafeBufferPointer { Data(buffer: $0) },
      weights: Data(littleEndian: weights.values), optimizer: optimizer.snapshot, learningRate: learningRate,
      best: best,
      average: average)
  }

  private func resume(_ state: TrainerState) {
    step = state.step
    random = state.random
    order.withUnsafeMutableBytes { _ = state.order.copyBytes(to: $0) }
    weights.copy([Float](littleEndian: state.weights))
    optimizer.restore(state.optimizer)
    learningRate = state.learningRate
    // Observers see the whole run.
    for record in state.history { context.report(record, of: options.epochs, resumed: state.history.count) }
  }

  /// An epoch's last step is followed by no batch that would show that it diverged.
  private func requireSound(_ validationLoss: Double?, _ record: EpochRecord) throws {
    let isSound =
      validationLoss.map { $0 <= TrainingDivergence.limit }
      ?? (0..<weights.count).allSatisfy { weights.pointer[$0].isFinite }
    if !isSound {
      throw TrainingDivergence(
        run: context.label, epoch: record.epoch, batch: (order.count - 1) / outputGradients.count + 1,
        learningRate: record.learningRate, loss: validationLoss ?? .nan)
    }
  }

  /// One epoch of steps; gives the mean loss.
  private func learn(epoch: Int) throws -> Double {
    order.shuffle(using: &random)
    let batchSize = outputGradients.count
    var total = 0.0
    var number = 0
    for first in stride(from: 0, to: order.count, by: batchSize) {
      number += 1
      let graphs = order[first..<min(first + batchSize, order.count)]
      batch.select(graphs, withTransposes: true)
      let dropout =
        configuration.dropout > 0
        ? Dropout(probability: configuration.dropout, seed: dropoutSeed &+ UInt64(step)) : nil
      pass.forward(batch, parameters: weights.pointer, dropout: dropout)
      var sum = 0.0
      for (position, graph) in graphs.enumerated() {
        let loss = options.loss.evaluate(
          prediction: Double(pass.outputs.pointer[position]), target: trainingTargets[Int(graph)], scale: scale)
        sum += loss.value
        outputGradients.pointer[position] = Float(loss.derivative / Double(graphs.count))
      }
      let rate = learningRate.rate(atStep: step)
      let mean = sum / Double(graphs.count)
      if !(mean <= TrainingDivergence.limit) {
        throw TrainingDivergence(run: context.label, epoch: epoch, batch: number, learningRate: rate, loss: mean)
      }
      total += sum
      // Only the norm of all gradients together has to be known before any weight moves.
      let isLimited = options.gradientNormLimit != nil
      pass.backward(
        batch, parameters: weights.pointer, dropout: dropout, outputGradients: outputGradients.pointer,
        step: isLimited ? nil : optimizer.nextStep(rate: rate))
      if isLimited {
        optimizer.step(weights: weights, gradients: pass.gradients, rate: rate, gradientScale: gradientScale())
      }
      step += 1
    }
    return total / Double(order.count)
  }

  /// What shortens the gradients to the limit of their norm.
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

  /// The mean loss over the validation part, or nil if it is empty.
  private func validate() -> Double? {
    guard let validationBatch else { return nil }
    var sum = 0.0
    let count = validationTargets.count
    let batchSize = validationBatch.readout.rowCapacity
    for first in stride(from: 0, to: count, by: batchSize) {
      let end = min(first + batchSize, count)
      validationBatch.select(validationOrder[first..<end], withTransposes: false)
      pass.forward(validationBatch, parameters: weights.pointer, dropout: nil)
      for graph in first..<end {
        sum +=
          options.loss.evaluate(
            prediction: Double(pass.outputs.pointer[graph - first]), target: validationTargets[graph], scale: scale
          ).value
      }
    }
    return sum / Double(count)
  }
}
