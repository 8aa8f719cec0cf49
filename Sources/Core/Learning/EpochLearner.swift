import Foundation
import Numerics

/// The result of training by epochs.
struct TrainedModel: Sendable {
  /// The parameters, in the order of the model's layout.
  var parameters: [Float]
  var scale: TargetScale
  var curve: [EpochRecord]
  /// The number of the chosen epoch, from 1.
  var chosenEpoch: Int
  /// The wall-clock time in seconds; for a continued run the time of all parts together.
  var seconds: Double
}

/// The state that changes from step to step besides the weights and the optimiser.
struct StepProgress {
  var step = 0
  var random: SeededGenerator
  /// The order of the training samples. Every epoch shuffles it further.
  var order: [Int32]
  var learningRate: LearningRateProgress

  /// The learning rate of the next step.
  var rate: Double { learningRate.rate(atStep: step) }

  /// Puts the training samples in a new random order.
  mutating func shuffle() { order.shuffle(using: &random) }
}

/// The work of a trainer within an epoch. `runEpochs` does the rest for every trainer: the history, the choice of
/// weights, early stopping, divergence, and checkpoints.
protocol EpochLearner: AnyObject {
  var options: TrainingOptions { get }
  var context: TrainingContext { get }
  var scale: TargetScale { get }
  var weights: Buffer<Float> { get }
  var progress: StepProgress { get set }
  /// The number of samples of a step.
  var batchSize: Int { get }
  var optimizerState: OptimizerState.Snapshot { get set }

  /// Trains one epoch and returns the mean loss.
  func learn(epoch: Int) throws -> Double

  /// The mean loss over the validation part; nil if it is empty.
  func validate(epoch: Int) throws -> Double?
}

extension EpochLearner {
  /// Trains all epochs, continuing from `state`. Checkpoints go to the context's storage.
  ///
  /// - Throws: `TrainingDivergence` when the loss is NaN or too large.
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
      // No batch follows the last step of an epoch to show that it diverged.
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

  /// The state from which a later run can continue.
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
    // Observers get the records of the whole run.
    for record in state.history { context.report(record, of: options.epochs, resumed: state.history.count) }
  }

  /// Throws after a batch whose mean loss is NaN or too large.
  func requireSound(_ loss: Double, epoch: Int, batch: Int) throws {
    if !(loss <= TrainingDivergence.limit) {
      throw divergence(epoch: epoch, batch: batch, rate: progress.rate, loss: loss)
    }
  }

  private func divergence(epoch: Int, batch: Int, rate: Double, loss: Double) -> TrainingDivergence {
    TrainingDivergence(run: context.label, epoch: epoch, batch: batch, learningRate: rate, loss: loss)
  }
}
