import Core
import Plot
internal import Wire

/// Records a figure by which runs are compared: `labbook history` lists it, `labbook diff` shows whether it got
/// better, and a report's head can show it (`headline:`). Recording a name again replaces the earlier figure.
///
/// ```swift
/// metric("accuracy", 0.937, better: .higher, format: .percent(1))
/// metric("size", 1.84, unit: "MB", better: .lower)
/// ```
/// - Parameters:
///   - unit: The unit of the value, such as `ms`.
///   - better: Which values are better; nil for a figure without a better direction.
///   - format: The format of the value; four significant digits by default.
public func metric(
  _ name: String, _ value: some BinaryFloatingPoint, unit: String? = nil, better: Table.Column.Direction? = nil,
  format: NumberFormat = .automatic
) {
  CellRuntime.shared.record(RecordedMetric(name, Double(value), unit: unit, better: better, format: format))
}

/// Records a whole number, such as a count.
public func metric(
  _ name: String, _ value: some BinaryInteger, unit: String? = nil, better: Table.Column.Direction? = nil,
  format: NumberFormat = .integer
) {
  CellRuntime.shared.record(RecordedMetric(name, Double(value), unit: unit, better: better, format: format))
}

/// Records an evaluation's metrics under their names in the notebook's language.
///
/// ```swift
/// let evaluation = try Evaluation(ids: ["a", "b"], measured: [1, 2], predicted: [1.1, 1.9], unit: "ms")
/// metrics(evaluation)
/// metrics(evaluation, Metric.field, of: "linear")
/// ```
/// - Parameters:
///   - metrics: The metrics to record; those of weekly reports by default.
///   - label: A prefix of the names, which distinguishes several evaluations: `linear MAPE`.
public func metrics(_ evaluation: Evaluation, _ metrics: [Metric] = Metric.report, of label: String = "") {
  for metric in metrics {
    let name = metric.name(in: notebookLanguage)
    CellRuntime.shared.record(
      RecordedMetric(
        label.isEmpty ? name : "\(label) \(name)", metric.value(of: evaluation),
        unit: metric.scale == .latency ? evaluation.unit : nil, better: metric.better, format: metric.format))
  }
}

extension Metric {
  /// The direction of better values.
  var better: Table.Column.Direction { higherIsBetter ? .higher : .lower }

  /// The format in tables and comparisons.
  var format: NumberFormat {
    switch scale {
    case .latency: .decimals(4)
    case .share: .percent(1)
    case .correlation: .decimals(3)
    }
  }
}
