import Foundation
import Numerics

/// Trains a model whose gradients come from the tape, in the same way as `Trainer` trains a GCN: with any loss,
/// schedule, optimiser and choice of weights, and with checkpoints.
final class TapeTrainer<Model: TapeModel>: EpochLearner {
  private let model: Model
  private let inputs: Model.Inputs
  let options: TrainingOptions
  let context: TrainingContext
  let scale: TargetScale
  let batchSize: Int
  var progress: StepProgress
  /// The scaled targets of all samples.
  private let targets: [Double]
  private let validation: [Int]
  private let parameters: ParameterVector
  private let optimizer: ParameterOptimizer
  private let tape: Tape
  private let dropoutSeed: UInt64
  private var loss: BatchLoss

  /// - Parameters:
  ///   - targets: The unscaled target of each sample of `inputs`.
  ///   - training: The indices of the samples to learn from.
  ///   - validation: The indices of the samples that choose the best epoch; may be empty.
  ///   - scale: The scale of the targets; nil fits the options' scaling to the training part.
  ///   - initial: The initial parameters; nil draws them by the seed.
  /// - Throws: `InputError` when a setting or a target is invalid.
  init(
    _ model: Model, inputs: Model.Inputs, targets: [Double], training: [Int], validation: [Int],
    options: TrainingOptions, context: TrainingContext, scale given: TargetScale? = nil, initial: [Float]? = nil
  ) throws {
    try options.validate()
    if training.isEmpty { throw InputError.emptyTraining }
    if let sample = (training + validation).first(where: { !targets.indices.contains($0) }) {
      throw InputError.noSample(sample, of: targets.count, in: "split")
    }
    let scale = try given ?? options.targetScaling.fitted(to: training.map { targets[$0] })
    try scale.scaling.validate(validation.lazy.map { targets[$0] })
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
    optimizer = ParameterOptimizer(options.optimizer, parameters)
    tape = Tape(threads: context.threads)
    loss = BatchLoss(options.loss, scale: scale)
    let batchSize = min(options.batchSize, training.count)
    self.batchSize = batchSize
    progress = StepProgress(
      random: random, order: training.map { Int32(truncatingIfNeeded: $0) },
      learningRate: LearningRateProgress(
        options.schedule, rate: options.learningRate, epochs: options.epochs,
        stepsPerEpoch: (training.count + batchSize - 1) / batchSize))
  }

  var weights: Buffer<Float> { parameters.buffer }

  var optimizerState: OptimizerState.Snapshot {
    get { optimizer.snapshot }
    set { optimizer.restore(newValue) }
  }

  /// Trains all epochs, continuing from `state`. Checkpoints go to the context's storage.
  ///
  /// - Throws: `TrainingDivergence` when the loss is NaN or too large.
  func run(from state: TrainerState? = nil) throws -> TrainedModel { try runEpochs(from: state) }

  /// Trains one epoch and returns the mean loss.
  func learn(epoch: Int) throws -> Double {
    progress.shuffle()
    let order = progress.order.map { Int($0) }
    var total = 0.0
    for (number, first) in stride(from: 0, to: order.count, by: batchSize).enumerated() {
      let samples = order[first..<min(first + batchSize, order.count)]
      tape.reset()
      let weights = try tape.bind(parameters)
      let dropoutSeed = dropoutSeed &+ UInt64(truncatingIfNeeded: progress.step)
      let rate = progress.rate
      if let objective = try model.objective(batch(samples, epoch, dropoutSeed), of: inputs, weights) {
        let mean = objective.scalar
        try requireSound(mean, epoch: epoch, batch: number + 1)
        total += mean * Double(samples.count)
        try tape.backward(from: objective)
        try optimizer.step(weights, rate: rate, normLimit: options.gradientNormLimit)
        progress.step += 1
        continue
      }
      let outputs = try self.outputs(samples, weights, dropoutSeed: dropoutSeed)
      let sum = evaluate(outputs.values, samples)
      try requireSound(sum / Double(samples.count), epoch: epoch, batch: number + 1)
      total += sum
      // The chain rule: each output's gradient is multiplied by the derivative of the mean loss by this output.
      let slopes = tape.constant(
        loss.derivatives.map { $0 / Double(samples.count) }, rows: samples.count, columns: loss.width)
      try tape.backward(from: (outputs * slopes).sum())
      try optimizer.step(weights, rate: rate, normLimit: options.gradientNormLimit)
      progress.step += 1
    }
    return total / Double(order.count)
  }

  private func batch(_ samples: ArraySlice<Int>, _ epoch: Int, _ dropoutSeed: UInt64?) -> TrainingBatch {
    TrainingBatch(
      samples: samples, targets: samples.map { targets[$0] }, scale: scale, loss: options.loss,
      dropoutSeed: dropoutSeed,
      progress: Double(epoch - 1) / Double(options.epochs))
  }

  /// - Throws: `InputError` when the model's number of outputs differs from the loss's.
  private func outputs(_ samples: ArraySlice<Int>, _ weights: Weights, dropoutSeed: UInt64?) throws -> Variable {
    let outputs = try model.outputs(samples, of: inputs, weights, dropoutSeed: dropoutSeed)
    guard outputs.columns == loss.width else {
      throw InputError.outputs(outputs.columns, insteadOf: loss.width)
    }
    return outputs
  }

  private func evaluate(_ outputs: [Double], _ samples: ArraySlice<Int>) -> Double {
    loss.evaluate(samples.count, output: { outputs[$0] }, target: { targets[samples[samples.startIndex + $0]] })
  }

  /// The mean loss over the validation part; nil if it is empty.
  func validate(epoch: Int) throws -> Double? {
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
      sum += evaluate(try outputs(samples, weights, dropoutSeed: nil).values, samples)
    }
    return sum / Double(validation.count)
  }
}
