import Foundation
import Numerics

/// The result of training a model on a tape.
struct TrainedModel: Sendable {
  /// In the order of the model's layout.
  var parameters: [Float]
  var scale: TargetScale
  var curve: [EpochRecord]
  /// From 1.
  var chosenEpoch: Int
  /// Wall-clock seconds, of a continued run all together.
  var seconds: Double
}

/// Trains a model whose gradients come from the tape, as `Trainer` trains a GCN: with any loss, schedule, optimiser,
/// choice of weights, and with states kept on the way.
final class TapeTrainer<Model: TapeModel> {
  private let model: Model
  private let inputs: Model.Inputs
  private let options: TrainingOptions
  private let context: TrainingContext
  private let scale: TargetScale
  /// Scaled, of all samples.
  private let targets: [Double]
  private let validation: [Int]
  private let parameters: ParameterVector
  private let optimizer: ParameterOptimizer
  private let tape: Tape
  private let batchSize: Int
  private let dropoutSeed: UInt64
  private var random: SeededGenerator
  private var learningRate: LearningRateProgress
  private var order: [Int]
  private var step = 0

  /// - Parameters:
  ///   - targets: One for each sample of `inputs`, unscaled.
  ///   - training: The samples to learn from, by number.
  ///   - validation: The samples to choose the best epoch by; may be empty.
  ///   - scale: How targets are scaled; if nil, as the options say, fitted to the training part.
  ///   - initial: The parameters to begin with; if nil, drawn by the seed.
  /// - Throws: `InputError` when a setting or a target can't be used.
  init(
    _ model: Model, inputs: Model.Inputs, targets: [Double], training: [Int], validation: [Int],
    options: TrainingOptions, context: TrainingContext, scale given: TargetScale? = nil, initial: [Float]? = nil
  ) throws {
    try options.validate()
    guard !training.isEmpty, (training + validation).allSatisfy(targets.indices.contains) else {
      throw InputError(
        "the training part is empty, or a part names a sample that isn't there",
        remedy: "Use a split of this very data set.")
    }
    let scale = try given ?? options.targetScaling.fitted(to: training.map { targets[$0] })
    try options.loss.validate(targets: (training + validation).lazy.map { targets[$0] })
    self.model = model
    self.inputs = inputs
    self.options = options
    self.context = context
    self.scale = scale
    self.targets = targets.map { scale.scaled($0) }
    self.validation = validation
    var random = SeededGenerator(seed: options.seed)
    let first = random.next()
    parameters =
      try initial.map { try ParameterVector(model.layout, values: $0) } ?? ParameterVector(model.layout, seed: first)
    dropoutSeed = random.next()
    self.random = random
    optimizer = ParameterOptimizer(options.optimizer, parameters)
    tape = Tape(threads: context.threads)
    batchSize = min(options.batchSize, training.count)
    order = training
    learningRate = LearningRateProgress(
      options.schedule, rate: options.learningRate, epochs: options.epochs,
      stepsPerEpoch: (training.count + batchSize - 1) / batchSize)
  }

  /// Goes through the epochs, from where `state` left off. States are kept in the context's checkpoint.
  ///
  /// - Throws: `TrainingDivergence` when the loss is no number, or far beyond the targets.
  func run(from state: TrainerState? = nil) throws -> TrainedModel {
    let start = ContinuousClock.now
    var history = state?.history ?? []
    var best = state?.best ?? BestEpoch(options.earlyStopping)
    var average = state?.average ?? WeightAverage()
    if let state { resume(state) }
    func seconds() -> Double { (state?.seconds ?? 0) + start.duration(to: .now) / .seconds(1) }
    epochs: for epoch in stride(from: history.count + 1, through: options.epochs, by: 1) {
      let start = ContinuousClock.now
      let trainingLoss = try learn(epoch: epoch)
      let validationLoss = try validate(epoch: epoch)
      let rate = learningRate.rate(atStep: step - 1)
      learningRate.endEpoch(epoch, loss: validationLoss ?? trainingLoss)
      let record = EpochRecord(
        epoch: epoch, trainingLoss: trainingLoss, validationLoss: validationLoss, learningRate: rate,
        seconds: start.duration(to: .now) / .seconds(1))
      history.append(record)
      context.report(record, of: options.epochs, resumed: state?.history.count ?? 0)
      let weights = parameters.buffer.values
      guard validationLoss.map({ $0 <= TrainingDivergence.limit }) ?? weights.allSatisfy(\.isFinite) else {
        throw divergence(epoch, (order.count - 1) / batchSize + 1, rate, validationLoss ?? .nan)
      }
      switch options.weights {
      case .bestEpoch:
        if let validationLoss, !best.record(epoch: epoch, loss: validationLoss, weights: weights) { break epochs }
      case .lastEpoch: break
      case .average(let share):
        if Double(epoch) > (1 - share) * Double(options.epochs) { average.add(weights) }
      }
      context.checkpoint?.keep { self.state(history, seconds(), best, average) }
    }
    return TrainedModel(
      parameters: best.epoch > 0 ? best.weights : average.weights ?? parameters.floats, scale: scale, curve: history,
      chosenEpoch: best.epoch > 0 ? best.epoch : history.count, seconds: seconds())
  }

  /// What a later run needs to go on from here.
  func state(
    _ history: [EpochRecord], _ seconds: Double, _ best: BestEpoch, _ average: WeightAverage
  ) -> TrainerState {
    TrainerState(
      history: history, seconds: seconds, step: step, random: random,
      order: order.map { Int32(truncatingIfNeeded: $0) }.withUnsafeBufferPointer { Data(buffer: $0) },
      weights: Data(littleEndian: parameters.floats), optimizer: optimizer.snapshot, learningRate: learningRate,
      best: best, average: average)
  }

  private func resume(_ state: TrainerState) {
    step = state.step
    random = state.random
    var numbers = [Int32](repeating: 0, count: order.count)
    numbers.withUnsafeMutableBytes { _ = state.order.copyBytes(to: $0) }
    order = numbers.map { Int($0) }
    parameters.buffer.copy([Float](littleEndian: state.weights))
    optimizer.restore(state.optimizer)
    learningRate = state.learningRate
    // Observers see the whole run.
    for record in state.history { context.report(record, of: options.epochs, resumed: state.history.count) }
  }

  private func divergence(_ epoch: Int, _ batch: Int, _ rate: Double, _ loss: Double) -> TrainingDivergence {
    TrainingDivergence(run: context.label, epoch: epoch, batch: batch, learningRate: rate, loss: loss)
  }

  /// One epoch of steps; gives the mean loss.
  private func learn(epoch: Int) throws -> Double {
    order.shuffle(using: &random)
    var total = 0.0
    for (number, first) in stride(from: 0, to: order.count, by: batchSize).enumerated() {
      let samples = order[first..<min(first + batchSize, order.count)]
      tape.reset()
      let weights = try tape.bind(parameters)
      let dropoutSeed = dropoutSeed &+ UInt64(truncatingIfNeeded: step)
      if let objective = try model.objective(batch(samples, epoch, dropoutSeed), of: inputs, weights) {
        let (rate, mean) = (learningRate.rate(atStep: step), objective.scalar)
        guard mean <= TrainingDivergence.limit else { throw divergence(epoch, number + 1, rate, mean) }
        total += mean * Double(samples.count)
        try tape.backward(from: objective)
        try optimizer.step(weights, rate: rate, normLimit: options.gradientNormLimit)
        step += 1
        continue
      }
      let outputs = try model.outputs(samples, of: inputs, weights, dropoutSeed: dropoutSeed)
      let losses = zip(outputs.values, samples).map { evaluate($0, $1) }
      let sum = losses.reduce(0) { $0 + $1.value }
      let rate = learningRate.rate(atStep: step)
      let mean = sum / Double(samples.count)
      guard mean <= TrainingDivergence.limit else { throw divergence(epoch, number + 1, rate, mean) }
      total += sum
      // The gradient of the mean loss is that of the outputs, each times the derivative of its own loss.
      let slopes = tape.constant(
        losses.map { $0.derivative / Double(samples.count) }, rows: samples.count, columns: 1)
      try tape.backward(from: (outputs * slopes).sum())
      try optimizer.step(weights, rate: rate, normLimit: options.gradientNormLimit)
      step += 1
    }
    return total / Double(order.count)
  }

  private func batch(_ samples: ArraySlice<Int>, _ epoch: Int, _ dropoutSeed: UInt64?) -> TrainingBatch {
    TrainingBatch(
      samples: samples, targets: samples.map { targets[$0] }, scale: scale, loss: options.loss,
      dropoutSeed: dropoutSeed,
      progress: Double(epoch - 1) / Double(options.epochs))
  }

  private func evaluate(_ output: Double, _ sample: Int) -> (value: Double, derivative: Double) {
    options.loss.evaluate(prediction: output, target: targets[sample], scale: scale)
  }

  /// The mean loss over the validation part, or nil if it is empty.
  private func validate(epoch: Int) throws -> Double? {
    if validation.isEmpty { return nil }
    var sum = 0.0
    let size = max(batchSize, 256)
    for first in stride(from: 0, to: validation.count, by: size) {
      let samples = validation[first..<min(first + size, validation.count)]
      tape.reset()
      let weights = try tape.bind(parameters)
      if let objective = try model.objective(batch(samples, epoch, nil), of: inputs, weights) {
        sum += objective.scalar * Double(samples.count)
        continue
      }
      let outputs = try model.outputs(samples, of: inputs, weights, dropoutSeed: nil).values
      for (output, sample) in zip(outputs, samples) { sum += evaluate(output, sample).value }
    }
    return sum / Double(validation.count)
  }
}
