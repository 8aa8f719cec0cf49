import Core
import Plot

extension LossCurve {
  /// The losses of a training run, with its best epoch where a validation part chose it.
  public init(_ run: TrainingRun) {
    let validation = run.history.map { $0.validationLoss ?? .nan }
    let isValidated = validation.contains { !$0.isNaN }
    self.init(
      label: run.label, training: run.history.map(\.trainingLoss), validation: isValidated ? validation : [],
      bestEpoch: isValidated ? run.bestEpoch : nil)
  }
}

extension PredictionSeries {
  /// What a predictor said of a test set, and what was measured.
  public init(_ evaluation: Evaluation, label: String = "") {
    self.init(
      label: label, measured: evaluation.measured, predicted: evaluation.predicted, unit: evaluation.unit)
  }
}

extension Chart {
  /// Loss by epoch of training runs: see ``lossCurves(_:title:smoothing:unit:)`` for curves from elsewhere.
  ///
  /// ```swift
  /// show(Chart.lossCurves([run]))
  /// ```
  public static func lossCurves(
    _ runs: [TrainingRun], title: Phrase? = Phrase(.lossCurves), smoothing: Double? = nil
  ) -> Chart {
    lossCurves(runs.map { LossCurve($0) }, title: title, smoothing: smoothing)
  }

  /// A histogram of one evaluation's signed relative errors.
  public static func relativeErrors(_ evaluation: Evaluation, title: Phrase? = Phrase(.relativeErrors)) -> Chart {
    relativeErrors([PredictionSeries(evaluation)], title: title)
  }

  /// Which share of one evaluation's samples is predicted within an error.
  public static func cumulativeErrors(_ evaluation: Evaluation, title: Phrase? = Phrase(.cumulativeErrors)) -> Chart {
    cumulativeErrors([PredictionSeries(evaluation)], title: title)
  }

  /// One evaluation's predictions against the measured values.
  public static func predictedAgainstMeasured(
    _ evaluation: Evaluation, title: Phrase? = Phrase(.predictedAgainstMeasured)
  ) -> Chart {
    predictedAgainstMeasured([PredictionSeries(evaluation)], title: title)
  }
}
