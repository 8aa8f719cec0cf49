import Core
import Plot

extension PredictionSeries {
  /// The predictions and measured values of a test set, with the samples' ids.
  public init(_ evaluation: Evaluation, label: String = "") {
    self.init(
      label: label, measured: evaluation.measured, predicted: evaluation.predicted, unit: evaluation.unit,
      ids: evaluation.ids)
  }
}

extension Distribution {
  /// The signed relative errors of an evaluation.
  public init(_ evaluation: Evaluation, label: String = "") {
    self.init(label: label, values: evaluation.relativeErrors)
  }

  /// The measured latencies of a data set, under its device's name.
  public init(_ data: Dataset) {
    self.init(label: data.device, values: data.latencies)
  }
}

extension EstimateSeries {
  /// A metric at each point of a sweep: the mean of several evaluations with its 95 % confidence interval.
  ///
  /// ```swift
  /// show(Chart.sweep(
  ///   [EstimateSeries(.meanAccuracy, of: evaluations, x: widths, label: "GCN")], x: Axis("hidden units")))
  /// ```
  /// - Parameter evaluations: The evaluations of each point, such as one for each seed.
  public init(_ metric: Metric, of evaluations: [[Evaluation]], x: [Double], label: String = "") {
    self.init(label: label, x: x, samples: evaluations.map { $0.map(metric.value) })
  }
}

/// Charts of predictors' evaluations, of a single evaluation or of several by name: `Chart.boxes([("Pi 4", onPi),
/// ("Jetson", onJetson)])`.
extension Chart {
  /// A histogram of one evaluation's signed relative errors.
  public static func relativeErrors(_ evaluation: Evaluation, title: Phrase? = Phrase(.relativeErrors)) -> Chart {
    relativeErrors([PredictionSeries(evaluation)], title: title)
  }

  /// A histogram of the signed relative errors of each evaluation.
  public static func relativeErrors(
    _ evaluations: [(String, Evaluation)], title: Phrase? = Phrase(.relativeErrors)
  ) -> Chart {
    relativeErrors(series(evaluations), title: title)
  }

  /// The fraction of one evaluation's samples predicted within each error.
  public static func cumulativeErrors(_ evaluation: Evaluation, title: Phrase? = Phrase(.cumulativeErrors)) -> Chart {
    cumulativeErrors([PredictionSeries(evaluation)], title: title)
  }

  /// The fraction of each evaluation's samples predicted within each error.
  public static func cumulativeErrors(
    _ evaluations: [(String, Evaluation)], title: Phrase? = Phrase(.cumulativeErrors)
  ) -> Chart {
    cumulativeErrors(series(evaluations), title: title)
  }

  /// One evaluation's predictions against the measured values.
  public static func predictedAgainstMeasured(
    _ evaluation: Evaluation, title: Phrase? = Phrase(.predictedAgainstMeasured)
  ) -> Chart {
    predictedAgainstMeasured([PredictionSeries(evaluation)], title: title)
  }

  /// The predictions of several evaluations against the measured values, each in its own colour.
  public static func predictedAgainstMeasured(
    _ evaluations: [(String, Evaluation)], title: Phrase? = Phrase(.predictedAgainstMeasured)
  ) -> Chart {
    predictedAgainstMeasured(series(evaluations), title: title)
  }

  /// The relative errors by measured value, with a local fit.
  public static func residuals(_ evaluation: Evaluation, title: Phrase? = Phrase(.residuals)) -> Chart {
    residuals([PredictionSeries(evaluation)], title: title)
  }

  /// The relative errors of each evaluation by measured value, each with a local fit.
  public static func residuals(_ evaluations: [(String, Evaluation)], title: Phrase? = Phrase(.residuals)) -> Chart {
    residuals(series(evaluations), title: title)
  }

  /// The samples with the greatest relative errors, named by their ids, among all others.
  public static func worstPredictions(_ evaluation: Evaluation, count: Int = 10, title: Phrase? = nil) -> Chart {
    worstPredictions(PredictionSeries(evaluation), count: count, title: title)
  }

  /// The density of each evaluation's signed relative errors.
  public static func densities(
    _ evaluations: [(String, Evaluation)], title: Phrase? = Phrase(.relativeErrors)
  ) -> Chart {
    densities(errors(evaluations), title: title, x: errorAxis)
  }

  /// A violin plot of each evaluation's signed relative errors, such as one evaluation for each device.
  ///
  /// ```swift
  /// show(Chart.violins([("Pi 4", onPi), ("Jetson", onJetson)]))
  /// ```
  public static func violins(
    _ evaluations: [(String, Evaluation)], title: Phrase? = Phrase(.relativeErrors)
  ) -> Chart {
    violins(errors(evaluations), title: title, x: errorAxis)
  }

  /// A box plot of each evaluation's signed relative errors, such as one evaluation for each device.
  public static func boxes(_ evaluations: [(String, Evaluation)], title: Phrase? = Phrase(.relativeErrors)) -> Chart {
    boxes(errors(evaluations), title: title, x: errorAxis)
  }

  /// A violin plot of the latencies measured on each device.
  public static func violins(_ data: [Dataset], title: Phrase? = nil) -> Chart {
    violins(data.map { Distribution($0) }, title: title, x: Axis(Phrase(.measured), unit: data.first?.unit))
  }

  /// A box plot of the latencies measured on each device.
  public static func boxes(_ data: [Dataset], title: Phrase? = nil) -> Chart {
    boxes(data.map { Distribution($0) }, title: title, x: Axis(Phrase(.measured), unit: data.first?.unit))
  }

  /// Methods ordered from best to worst by a metric: the mean of each method's evaluations with its 95 % confidence
  /// interval.
  ///
  /// ```swift
  /// show(Chart.ranks([("GCN", seeds), ("linear", [baseline])], by: .kendallTau))
  /// ```
  /// - Parameter methods: Each method's evaluations by name, such as one for each seed. A single evaluation is a dot
  ///   without an interval.
  public static func ranks(_ methods: [(String, [Evaluation])], by metric: Metric, title: Phrase? = nil) -> Chart {
    ranks(
      methods.map(\.0), methods.map { .mean(of: $0.1.map(metric.value)).limited(to: metric.range) }, title: title,
      value: metric.axis(unit: methods.first?.1.first?.unit), better: metric.better)
  }

  /// A metric of each evaluation as bars.
  public static func bars(_ evaluations: [(String, Evaluation)], by metric: Metric, title: Phrase? = nil) -> Chart {
    bars(
      evaluations.map(\.0), evaluations.map { metric.value(of: $0.1) }, title: title,
      value: metric.axis(unit: evaluations.first?.1.unit))
  }

  private static let errorAxis = Axis(Phrase(.relativeError), format: .percent(0))

  private static func series(_ evaluations: [(String, Evaluation)]) -> [PredictionSeries] {
    evaluations.map { PredictionSeries($0.1, label: $0.0) }
  }

  private static func errors(_ evaluations: [(String, Evaluation)]) -> [Distribution] {
    evaluations.map { Distribution($0.1, label: $0.0) }
  }
}

extension Metric {
  /// An axis of the metric's values.
  fileprivate func axis(unit: String?) -> Axis {
    Axis(.words(name(in: notebookLanguage)), unit: scale == .latency ? unit : nil, format: format)
  }
}
