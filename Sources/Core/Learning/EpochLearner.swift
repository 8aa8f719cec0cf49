import Foundation
import Numerics

/// The result of training by epochs.
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

/// What changes from step to step beside the weights and the optimiser.
struct StepProgress {
  var step = 0
  var random: SeededGenerator
  /// The training samples, of which every epoch shuffles on.
  var order: [Int32]
  var learningRate: LearningRateProgress

  /// The learning rate of the step to come.
  var rate: Double { learningRate.rate(atStep: step) }

  /// Puts the training samples in a new random order.
  mutating func shuffle() { order.shuffle(using: &random) }
}

/// What a trainer does within an epoch. All that is around epochs is in `runEpochs`, for every trainer: the history,
/// the choice of weights, early stopping, divergence, and states kept on the way.
protocol EpochLearner: AnyObject {
  var options: TrainingOptions { get }
  var context: TrainingContext { get }
  var scale: TargetScale { get }
  var weights: Buffer<Float> { get }
  var progress: StepProgress { get set }
  /// Samples of a step.
  var batchSize: Int { get }
  var optimizerState: OptimizerState.Snapshot { get set }

  /// One epoch of steps; gives the mean loss.
  func learn(epoch: Int) throws -> Double

  /// The mean loss over the validation part, or nil if it is empty.
  func validate(epoch: Int) throws -> Double?
}

extension EpochLearner {
  /// Goes through the epochs, from where `state` left off. States are kept in the context's checkpoint.
  ///
  /// - Throws: `TrainingDivergence` when the loss is no number, or far beyond the targets.
  func runEpochs(from state: TrainerState? = nil) throws -> TrainedModel {
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
      let validationLoss = try validate(epoch: epoch)
      let rate = progress.learningRate.rate(atStep: progress.step - 1)
      progress.learningRate.endEpoch(epoch, loss: validationLoss ?? trainingLoss)
      let record = EpochRecord(
        epoch: epoch, trainingLoss: trainingLoss, validationLoss: validationLoss, learningRate: rate,
        seconds: start.duration(to: .now) / .seconds(1))
      history.append(record)
      context.report(record, of: options.epochs, resumed: state?.history.count ?? 0)
      // An epoch's last step is followed by no batch that would show that it diverged.
      guard validationLoss.map({ $0 <= TrainingDivergence.limit }) ?? weights.values.allSatisfy(\.isFinite) else {
        let batch = (progress.order.count - 1) / batchSize + 1
        throw divergence(epoch: epoch, batch: batch, rate: rate, loss: validationLoss ?? .nan)
      }
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
    return TrainedModel(
      parameters: best.epoch > 0 ? best.weights : average.weights ?? weights.array, scale: scale, curve: history,
      chosenEpoch: best.epoch > 0 ? best.epoch : history.count, seconds: seconds())
  }

  /// What a later run needs to go on from here.
  func state(
    _ history: [EpochRecord], _ seconds: Double, _ best: BestEpoch, _ average: WeightAverage
  ) -> TrainerState {
    TrainerState(
      history: history, seconds: seconds, step: progress.step, random: progress.random,
      order: progress.order.withUnsafeBufferPointer { Data(buffer: $0) }, weights: Data(littleEndian: weights.values),
      optimizer: optimizerState, learningRate: progress.learningRate, best: best, average: average)
  }

  private func resume(_ state: TrainerState) {
    progress.step = state.step
    progress.random = state.random
    progress.order.withUnsafeMutableBytes { _ = state.order.copyBytes(to: $0) }
    weights.copy([Float](littleEndian: state.weights))
    optimizerState = state.optimizer
    progress.learningRate = state.learningRate
    // Observers see the whole run.
    for record in state.history { context.report(record, of: options.epochs, resumed: state.history.count) }
  }

  /// Refuses to go on after a batch whose mean loss is no number, or far beyond the targets.
  func requireSound(_ loss: Double, epoch: Int, batch: Int) throws {
    if !(loss <= TrainingDivergence.limit) {
      throw divergence(epoch: epoch, batch: batch, rate: progress.rate, loss: loss)
    }
  }

  private func divergence(epoch: Int, batch: Int, rate: Double, loss: Double) -> TrainingDivergence {
    TrainingDivergence(run: context.label, epoch: epoch, batch: batch, learningRate: rate, loss: loss)
  }
}
