import Core
import Plot

extension Table {
  /// A table with a row for each evaluation and a column for each metric, in the notebook's language. The best value
  /// of each column is marked.
  ///
  /// ```swift
  /// show(Table(metrics: Metric.report, of: [("GCN", evaluation), ("linear", baseline)]))
  /// ```
  /// - Parameters:
  ///   - heading: The title of the first column.
  ///   - metrics: The metrics to print; those of weekly reports by default.
  ///   - evaluations: The evaluations by name. They must have the same unit.
  public init(
    _ heading: String = "", metrics: [Metric] = Metric.report, of evaluations: [(String, Evaluation)],
    caption: String? = nil
  ) {
    let unit = evaluations.first?.1.unit
    let columns = metrics.map { metric -> Column in
      Column(
        metric.name(in: notebookLanguage), unit: metric.scale == .latency ? unit : nil, format: metric.format,
        better: metric.better)
    }
    self.init(
      columns: [Column(heading)] + columns,
      rows: evaluations.map { name, evaluation in
        [Value.text(name)] + metrics.map { Value.number($0.value(of: evaluation)) }
      }, caption: caption)
  }
}
