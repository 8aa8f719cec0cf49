import Core
import Plot

extension LossCurve {
  /// The losses and learning rates of a training run, with its best epoch where a validation part chose it.
  public init(_ run: TrainingRecord) {
    let validation = run.curve.map { $0.validationLoss ?? .nan }
    let isValidated = validation.contains { !$0.isNaN }
    self.init(
      label: run.label, training: run.curve.map(\.trainingLoss), validation: isValidated ? validation : [],
      bestEpoch: isValidated ? run.chosenEpoch : nil, learningRates: run.curve.map(\.learningRate))
  }

  /// The losses and learning rates of a fit, with its best epoch where a validation part chose it.
  public init<Method: Recipe>(_ fit: Fit<Method>) {
    self.init(fit.record)
  }

  /// One curve for fits that differ in their seed only: the median in a band of all.
  ///
  /// ```swift
  /// show(Chart.lossCurves([.overSeeds(runs, label: "lr 0.001, 5 seeds")]))
  /// ```
  public static func overSeeds<Method: Recipe>(_ fits: [Fit<Method>], label: String = "") -> LossCurve {
    overSeeds(fits.map { LossCurve($0) }, label: label)
  }
}

extension Chart {
  /// Loss by epoch of fits of any recipe; those that don't learn by epochs have no curve. See
  /// `lossCurves(_:previous:title:smoothing:unit:showsLearningRate:)` for curves from elsewhere.
  ///
  /// ```swift
  /// show(Chart.lossCurves(runs))
  /// show(Chart.lossCurves([run], previous: [runOfLastWeek], showsLearningRate: true))
  /// ```
  /// - Parameters:
  ///   - previous: Fits to compare with, such as last week's: grey beneath the others.
  ///   - smoothing: Weight of the past in the moving average, 0 for none; nil for one that suits the number of epochs.
  ///   - showsLearningRate: A low panel beneath shows the learning rate of each epoch.
  public static func lossCurves<Method: Recipe>(
    _ fits: [Fit<Method>], previous: [Fit<Method>] = [], title: Phrase? = Phrase(.lossCurves),
    smoothing: Double? = nil, showsLearningRate: Bool = false
  ) -> Chart {
    lossCurves(
      fits.map(\.record), previous: previous.map(\.record), title: title, smoothing: smoothing,
      showsLearningRate: showsLearningRate)
  }

  /// The same of records, such as those of an ensemble's members (`Fit.parts`).
  public static func lossCurves(
    _ records: [TrainingRecord], previous: [TrainingRecord] = [], title: Phrase? = Phrase(.lossCurves),
    smoothing: Double? = nil, showsLearningRate: Bool = false
  ) -> Chart {
    lossCurves(
      records.filter { !$0.curve.isEmpty }.map { LossCurve($0) },
      previous: previous.filter { !$0.curve.isEmpty }.map { LossCurve($0) }, title: title, smoothing: smoothing,
      showsLearningRate: showsLearningRate)
  }
}
