internal import COneDNN
import Core
import Foundation
import Numerics

/// Trains all epochs. Its state can be stored after any step, and another process can continue from it.
final class NetworkTrainer<Space: NetworkSpace> {
  /// The state on which the remaining steps depend.
  struct State: Codable {
    var curve: [EpochRecord] = []
    var seconds = 0.0
    var step = 0
    /// The sum of the losses of the current epoch.
    var loss = 0.0
    var correct = 0
    var values = Data()
    var momenta = Data()
    var statistics = Data()
    var average = Data()
    var averageStatistics = Data()
  }

  private let space: Space
  private let images: ImageSet
  private let validation: ImageSet?
  private let training: NetworkTraining
  private let context: TrainingContext
  private let normalization: ImageNormalization
  private let store: ParameterStore
  private let resources = PassResources()
  private let pass: NetworkPass
  private let gradients: Buffer<Float>
  private let momenta: Buffer<Float>
  private let average: Buffer<Float>
  private let averageStatistics: Buffer<Float>
  private let logitGradient: Buffer<Float>
  private let batch: ImageBatch
  /// For each image, whether it is mirrored in the odd epochs.
  private let isMirrored: [Bool]
  private var rates: LearningRateProgress
  private var progress = State()

  /// - Parameters:
  ///   - images: The training images, already checked to fit the space, as the other arguments are.
  init(
    _ space: Space, images: ImageSet, validation: ImageSet?, training: NetworkTraining, from weights: NetworkWeights?,
    context: TrainingContext
  ) throws {
    try OneDNN.use(threads: context.threads)
    self.space = space
    self.images = images
    self.validation = validation
    self.training = training
    self.context = context
    normalization = images.normalization
    let network = try space.fullNetwork()
    store = try ParameterStore(network, weights ?? NetworkWeights(random: network, seed: training.seed))
    pass = try NetworkPass(network, batch: training.batchSize, of: store, resources, hasGradients: true)
    gradients = Buffer(store.values.count, repeating: 0)
    momenta = Buffer(store.values.count, repeating: 0)
    average = Buffer(store.values.count, repeating: 0)
    averageStatistics = Buffer(store.statistics.count, repeating: 0)
    average.pointer.update(from: store.values.pointer, count: average.count)
    averageStatistics.pointer.update(from: store.statistics.pointer, count: averageStatistics.count)
    logitGradient = Buffer(training.batchSize * space.classes, repeating: 0)
    batch = ImageBatch(images, batch: training.batchSize, normalization: normalization)
    var random = SeededGenerator(seed: Self.mixed(training.seed, 0, 2))
    isMirrored = (0..<images.count).map { _ in random.next() & 1 == 1 }
    rates = LearningRateProgress(
      training.schedule, rate: training.learningRate, epochs: training.epochs,
      stepsPerEpoch: images.count / training.batchSize)
  }

  private var stepsPerEpoch: Int { images.count / training.batchSize }

  /// - Throws: `InputError` when oneDNN fails, `TrainingDivergence` when a batch's mean loss is NaN or too large, or an
  ///   epoch's validation loss or, without one, its last weights aren't finite.
  func run() throws -> TrainedNetwork {
    if let state = context.checkpoint?.state(State.self), fits(state) { resume(state) }
    let resumed = progress.curve.count
    for record in progress.curve { context.report(record, of: training.epochs, resumed: resumed) }
    while progress.curve.count < training.epochs {
      try epoch(resumed: resumed)
    }
    let usesAverage = training.averaging != nil
    return TrainedNetwork(
      training: training, normalization: normalization,
      weights: store.weights(usesAverage ? average : store.values, usesAverage ? averageStatistics : store.statistics),
      record: TrainingRecord(
        label: context.label, curve: progress.curve, chosenEpoch: training.epochs, seconds: progress.seconds))
  }

  private func epoch(resumed: Int) throws {
    let number = progress.curve.count + 1
    var start = ContinuousClock.now
    func pause() {
      progress.seconds += start.duration(to: .now) / .seconds(1)
      start = .now
    }
    let secondsBefore = progress.seconds
    // All random numbers of an epoch depend on its number, and those of a step on the step's number, so that a state
    // needs no generators.
    var random = SeededGenerator(seed: Self.mixed(training.seed, number, 0))
    let order = Array(0..<images.count).shuffled(using: &random)
    while progress.step < number * stepsPerEpoch {
      let first = (progress.step - (number - 1) * stepsPerEpoch) * training.batchSize
      try step(order[first..<first + training.batchSize], epoch: number)
      progress.step += 1
      pause()
      context.checkpoint?.keep { state }
    }
    let seen = Double(stepsPerEpoch * training.batchSize)
    let loss = progress.loss / seen
    var figures = ["accuracy": Double(progress.correct) / seen]
    var validationLoss: Double?
    if let validation {
      let result = try test(validation)
      validationLoss = result.loss
      figures["validation accuracy"] = result.accuracy
    }
    pause()
    let record = EpochRecord(
      epoch: number, trainingLoss: loss, validationLoss: validationLoss,
      learningRate: rates.rate(atStep: progress.step - 1), figures: figures, seconds: progress.seconds - secondsBefore)
    progress.curve.append(record)
    (progress.loss, progress.correct) = (0, 0)
    rates.endEpoch(number, loss: validationLoss ?? loss)
    context.report(record, of: training.epochs, resumed: resumed)
    // No batch follows the last step to show that it diverged.
    guard validationLoss?.isFinite ?? store.values.values.allSatisfy(\.isFinite) else {
      throw divergence(
        epoch: number, step: progress.step - 1, rate: record.learningRate, loss: validationLoss ?? .nan)
    }
    context.checkpoint?.keep { state }
  }

  private static func mixed(_ seed: UInt64, _ first: Int, _ second: Int) -> UInt64 {
    seed &+ UInt64(truncatingIfNeeded: first) &* 0x9E37_79B9_7F4A_7C15
      &+ UInt64(truncatingIfNeeded: second) &* 0xD1B5_4A32_D192_ED03
  }

  private func step(_ numbers: ArraySlice<Int>, epoch: Int) throws {
    var random = SeededGenerator(seed: Self.mixed(training.seed, progress.step, 1))
    batch.load(
      numbers, training.augmentation, isMirrored: { isMirrored[$0] == (epoch % 2 == 1) }, using: &random)
    // The whole network's pass writes the gradients of kernels. All other gradients are accumulated from zero.
    (gradients.pointer + store.linearOffset).update(repeating: 0, count: gradients.count - store.linearOffset)
    var passes = [pass]
    if let count = training.randomPoints {
      let points = [space.smallestPoint] + (0..<count).map { _ in space.randomPoint(using: &random) }
      passes += try points.map { point in
        try NetworkPass(
          space.network(at: point), batch: training.batchSize, of: store, resources, hasGradients: true)
      }
    }
    for (index, pass) in passes.enumerated() {
      try pass.forward(
        batch.images.pointer, values: store.values, statistics: store.statistics,
        from: .batch(share: index == 0 ? 0.1 : 0))
      let result = ClassificationLoss(smoothing: training.labelSmoothing).evaluate(
        pass.logits.pointer, labels: batch.labels, classes: space.classes, gradient: logitGradient.pointer,
        weight: 1 / Double(passes.count))
      if index == 0 {
        let loss = result.loss / Double(numbers.count)
        guard loss.isFinite, loss < TrainingDivergence.limit else {
          throw divergence(epoch: epoch, step: progress.step, rate: rates.rate(atStep: progress.step), loss: loss)
        }
        progress.loss += result.loss
        progress.correct += result.correct
      }
      try pass.backward(logitGradient, gradients: gradients, adds: index > 0)
    }
    update()
  }

  private func divergence(epoch: Int, step: Int, rate: Double, loss: Double) -> TrainingDivergence {
    TrainingDivergence(
      run: context.label, epoch: epoch, batch: step % stepsPerEpoch + 1, learningRate: rate, loss: loss)
  }

  private func update() {
    let rate = Float(rates.rate(atStep: progress.step))
    let momentum = Float(training.momentum)
    let decayed = store.decayedCount
    vector_sgd(
      decayed, store.values.pointer, gradients.pointer, momenta.pointer, rate, momentum, Float(training.weightDecay))
    vector_sgd(
      store.values.count - decayed, store.values.pointer + decayed, gradients.pointer + decayed,
      momenta.pointer + decayed, rate, momentum, 0)
    guard let averaging = training.averaging else { return }
    let step = Double(progress.step)
    let share = Float(1 - min(averaging, (1 + step) / (10 + step)))
    vector_average(average.count, average.pointer, store.values.pointer, share)
    vector_average(averageStatistics.count, averageStatistics.pointer, store.statistics.pointer, share)
  }

  /// The mean loss (without smoothing) and the accuracy of the whole network.
  private func test(_ images: ImageSet) throws -> ClassificationResult {
    let usesAverage = training.averaging != nil
    return try NetworkTest(
      pass.network, of: store, resources, images: images, normalization: normalization, batch: training.batchSize
    ).run(
      values: usesAverage ? average : store.values, statistics: usesAverage ? averageStatistics : store.statistics)
  }

  private var state: State {
    var state = progress
    state.values = Data(littleEndian: store.values.values)
    state.momenta = Data(littleEndian: momenta.values)
    state.statistics = Data(littleEndian: store.statistics.values)
    if training.averaging != nil {
      state.average = Data(littleEndian: average.values)
      state.averageStatistics = Data(littleEndian: averageStatistics.values)
    }
    return state
  }

  /// Whether a state is of this network and these settings. A space that a notebook declares may have changed since.
  private func fits(_ state: State) -> Bool {
    func holds(_ data: Data, _ buffer: Buffer<Float>) -> Bool {
      data.count == MemoryLayout<Float>.size * buffer.count
    }
    let (epochs, steps) = (state.curve.count, stepsPerEpoch)
    guard epochs <= training.epochs, state.step >= epochs * steps,
      state.step <= min(epochs + 1, training.epochs) * steps, holds(state.values, store.values),
      holds(state.momenta, momenta), holds(state.statistics, store.statistics)
    else { return false }
    return training.averaging == nil
      || holds(state.average, average) && holds(state.averageStatistics, averageStatistics)
  }

  private func resume(_ state: State) {
    progress = state
    (progress.values, progress.momenta, progress.statistics) = (Data(), Data(), Data())
    (progress.average, progress.averageStatistics) = (Data(), Data())
    store.values.copy([Float](littleEndian: state.values))
    momenta.copy([Float](littleEndian: state.momenta))
    store.statistics.copy([Float](littleEndian: state.statistics))
    average.copy([Float](littleEndian: state.average))
    averageStatistics.copy([Float](littleEndian: state.averageStatistics))
    for record in state.curve { rates.endEpoch(record.epoch, loss: record.validationLoss ?? record.trainingLoss) }
  }
}
