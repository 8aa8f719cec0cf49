extension Chart {
  /// The fraction of samples predicted within an error: one curve for each series, rules at 5 and 10 %, and the
  /// fractions at which the curves cross them.
  ///
  /// ```swift
  /// Chart.cumulativeErrors(
  ///   runs.map { PredictionSeries(label: $0.label, measured: $0.measured, predicted: $0.predicted) })
  /// ```
  /// - Parameter bounds: The errors at which rules are drawn.
  public static func cumulativeErrors(
    _ series: [PredictionSeries], title: Phrase? = Phrase(.cumulativeErrors), bounds: [Double] = [0.05, 0.1]
  ) -> Chart {
    let errors = series.map { Quantiles($0.relativeErrors.map(abs)) }
    // The axis ends beyond the bulk of the worst series, but not so far that the rules are crowded at the left.
    let furthest = errors.compactMap { $0(0.95) }.max() ?? 0
    let end = max(2 * (bounds.max() ?? 0.1), min(furthest, 5 * (bounds.max() ?? 0.1)))
    var layers = [Layer(.rule(.vertical, at: Values(bounds)), style: Style(color: .muted, width: 1, dash: .dashed))]
    for (position, errors) in errors.enumerated() {
      let curve = CumulativeCurve(errors.sorted, to: end)
      let name = series[position].label
      layers.append(
        Layer(
          .line(x: Values(curve.x), y: Values(curve.share)), style: Style(color: .series(position), width: 2),
          label: name.isEmpty ? nil : .words(name)))
    }
    for (position, errors) in errors.enumerated() where !errors.sorted.isEmpty {
      let shares = bounds.map { errors.share(atMost: $0) }
      layers.append(
        Layer(.point(x: Values(bounds), y: Values(shares)), style: Style(color: .series(position), radius: 3)))
      layers.append(
        Layer(
          .text(x: Values(bounds), y: Values(shares), labels: shares.map { .number($0, .percent(0)) }),
          style: Style(color: .series(position), anchor: .start, shiftRight: 7, shiftUp: -7, avoidance: .column)))
    }
    return Chart(
      title: title,
      summary: series.prefix(6).map(shareSummary),
      panels: [
        Panel(
          x: Axis(
            Phrase(.absoluteRelativeError), extent: .fixed(from: 0, to: end), format: .percent(0)),
          y: Axis(
            Phrase(.shareOfSamples), extent: .fixed(from: 0, to: 1), format: .percent(0), showsGrid: true),
          layers: layers)
      ])
  }

  static func shareSummary(_ series: PredictionSeries) -> Phrase {
    guard !series.relativeErrors.isEmpty else { return Phrase(.nothing).named(series.label) }
    return Phrase(
      .errorSummary, .number(series.share(within: 0.05), .percent(1)), .number(series.share(within: 0.1), .percent(1)),
      .number(Double(series.relativeErrors.count), .integer)
    ).named(series.label)
  }
}
