extension Chart {
  /// Predicted against measured values, one square panel a series: equal axes, the diagonal, and the band of 10 %.
  ///
  /// ```swift
  /// Chart.predictedAgainstMeasured([PredictionSeries(measured: latencies, predicted: predictions, unit: "ms")])
  /// ```
  public static func predictedAgainstMeasured(
    _ series: [PredictionSeries], title: Phrase? = Phrase(.predictedAgainstMeasured)
  ) -> Chart {
    let values = Values(series.flatMap { $0.measured + $0.predicted })
    let extent = values.extent ?? 0...1
    let isLogarithmic = extent.lowerBound > 0 && extent.upperBound > 30 * extent.lowerBound
    let panels = series.map { panel($0, extent: extent, isLogarithmic: isLogarithmic) }
    let columns = max(1, min(panels.count, 3))
    let rows = (panels.count + columns - 1) / columns
    let side = columns == 1 ? 420.0 : columns == 2 ? 300 : 220
    return Chart(
      title: title, summary: series.prefix(6).map(shareSummary),
      size: Size(width: side * Double(columns) + 60, height: (side + 20) * Double(max(1, rows)) + 60),
      panels: panels, columns: columns, sharesX: true, sharesY: true)
  }

  private static func panel(_ series: PredictionSeries, extent: ClosedRange<Double>, isLogarithmic: Bool) -> Panel {
    // The band must reach the frame, wherever the axes end.
    let low = isLogarithmic ? extent.lowerBound / 10 : min(0, extent.lowerBound * 2)
    let high = isLogarithmic ? extent.upperBound * 10 : extent.upperBound * 2
    let ends: Values = [low, high]
    let share = Phrase(
      .withinTenPercent, .number(series.share(within: 0.1), .percent(1)),
      .number(Double(series.relativeErrors.count), .integer))
    let axis = Axis(
      unit: series.unit, scale: isLogarithmic ? .logarithmic : .linear, extent: .fixed(from: 0, to: 0), showsGrid: true)
    let margin = isLogarithmic ? 1.08 : 0.04 * (extent.upperBound - extent.lowerBound)
    let fixed: Axis.Extent =
      isLogarithmic
      ? .fixed(from: extent.lowerBound / margin, to: extent.upperBound * margin)
      : .fixed(from: extent.lowerBound - margin, to: extent.upperBound + margin)
    return Panel(
      title: series.label.isEmpty ? share : .words(series.label),
      x: axis.with { ($0.title, $0.extent) = (Phrase(.measured), fixed) },
      y: axis.with { ($0.title, $0.extent) = (Phrase(.predicted), fixed) },
      layers: [
        Layer(
          .area(x: ends, low: [low * 0.9, high * 0.9], high: [low * 1.1, high * 1.1]),
          style: Style(color: .muted, opacity: 0.14), label: "±10 %", labelPlace: .legend),
        Layer(.line(x: ends, y: ends), style: Style(color: .muted, width: 1)),
        Layer(
          .point(x: Values(series.measured), y: Values(series.predicted)),
          style: Style(color: .series(0), opacity: 0.55, radius: 2.5)),
      ],
      hasEqualAxes: true)
  }
}
