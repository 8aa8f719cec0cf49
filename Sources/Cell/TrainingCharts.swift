import Core
import Plot

extension LossCurve {
  /// The losses and learning rates of a training run, with its best epoch if a validation part chose it.
  public init(_ run: TrainingRecord) {
    let validation = run.curve.map { $0.validationLoss ?? .nan }
    let isValidated = validation.contains { !$0.isNaN }
    self.init(
      label: run.label, training: run.curve.map(\.trainingLoss), validation: isValidated ? validation : [],
      bestEpoch: isValidated ? run.chosenEpoch : nil, learningRates: run.curve.map(\.learningRate))
  }

  /// The losses and learning rates of a fit, with its best epoch if a validation part chose it.
  public init<Method: Recipe>(_ fit: Fit<Method>) {
    self.init(fit.record)
  }

  /// One curve for fits that differ only in their seed: the median, in a band of all losses.
  ///
  /// ```swift
  /// show(Chart.lossCurves([.overSeeds(runs, label: "lr 0.001, 5 seeds")]))
  /// ```
  public static func overSeeds<Method: Recipe>(_ fits: [Fit<Method>], label: String = "") -> LossCurve {
    overSeeds(fits.map { LossCurve($0) }, label: label)
  }
}

extension Chart {
  /// Figures by epoch, such as the accuracies of networks for images. Records that follow each other, such as those of
  /// a training on small and then on large images, are one course.
  ///
  /// ```swift
  /// let y = Axis("accuracy", format: .percent(0))
  /// show(Chart.figures([supernet.record], ["accuracy", "validation accuracy"], y: y))
  /// ```
  /// - Parameter names: The names of the figures (`EpochRecord.figures`), each of which is a line. Epochs without one
  ///   are gaps.
  public static func figures(
    _ records: [TrainingRecord], _ names: [String], title: Phrase? = nil, y: Axis = Axis()
  ) -> Chart {
    let epochs = records.flatMap(\.curve)
    let numbers = epochs.indices.map { Double($0 + 1) }
    return lines(
      names.map { name in Series(label: name, x: numbers, y: epochs.map { $0.figures[name] ?? .nan }) },
      title: title, x: Axis(Phrase(.epoch)), y: y)
  }

  /// The loss by epoch of fits of any recipe. Recipes without epochs have no curve. For other curves see
  /// `lossCurves(_:previous:title:smoothing:unit:showsLearningRate:)`.
  ///
  /// ```swift
  /// show(Chart.lossCurves(runs))
  /// show(Chart.lossCurves([run], previous: [runOfLastWeek], showsLearningRate: true))
  /// ```
  /// - Parameters:
  ///   - previous: Fits to compare with, such as last week's. They are grey beneath the others.
  ///   - smoothing: The weight of the past in the moving average, 0 for none; nil chooses one by the number of
  ///     epochs.
  ///   - showsLearningRate: Whether a low panel below shows the learning rate of each epoch.
  public static func lossCurves<Method: Recipe>(
    _ fits: [Fit<Method>], previous: [Fit<Method>] = [], title: Phrase? = Phrase(.lossCurves),
    smoothing: Double? = nil, showsLearningRate: Bool = false
  ) -> Chart {
    lossCurves(
      fits.map(\.record), previous: previous.map(\.record), title: title, smoothing: smoothing,
      showsLearningRate: showsLearningRate)
  }

  /// The loss by epoch of records, such as those of an ensemble's members (`Fit.parts`).
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
