import Core
import Plot

extension LossCurve {
  /// The losses and learning rates of a training run, with its best epoch where a validation part chose it.
  public init(_ run: TrainingRun) {
    let validation = run.history.map { $0.validationLoss ?? .nan }
    let isValidated = validation.contains { !$0.isNaN }
    self.init(
      label: run.label, training: run.history.map(\.trainingLoss), validation: isValidated ? validation : [],
      bestEpoch: isValidated ? run.bestEpoch : nil, learningRates: run.history.map(\.learningRate))
  }

  /// One curve for training runs that differ in their seed only: the median in a band of all.
  ///
  /// ```swift
  /// show(Chart.lossCurves([.overSeeds(runs, label: "lr 0.001, 5 seeds")]))
  /// ```
  public static func overSeeds(_ runs: [TrainingRun], label: String = "") -> LossCurve {
    overSeeds(runs.map { LossCurve($0) }, label: label)
  }
}

extension Chart {
  /// Loss by epoch of training runs: see `lossCurves(_:previous:title:smoothing:unit:showsLearningRate:)` for curves from
  /// elsewhere.
  ///
  /// ```swift
  /// show(Chart.lossCurves(runs))
  /// show(Chart.lossCurves([run], previous: [runOfLastWeek], showsLearningRate: true))
  /// ```
  /// - Parameters:
  ///   - previous: Runs to compare with, such as last week's: grey beneath the others.
  ///   - smoothing: Weight of the past in the moving average, 0 for none; nil for one that suits the number of epochs.
  ///   - showsLearningRate: A low panel beneath shows the learning rate of each epoch.
  public static func lossCurves(
    _ runs: [TrainingRun], previous: [TrainingRun] = [], title: Phrase? = Phrase(.lossCurves),
    smoothing: Double? = nil, showsLearningRate: Bool = false
  ) -> Chart {
    lossCurves(
      runs.map { LossCurve($0) }, previous: previous.map { LossCurve($0) }, title: title, smoothing: smoothing,
      showsLearningRate: showsLearningRate)
  }
}
