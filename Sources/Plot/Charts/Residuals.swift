extension Chart {
  /// The relative error of predictions by measured value, with one panel for each series: the band of 10 %, points
  /// (cells coloured by their counts from 2,000 on), and a local fit that shows systematic errors.
  ///
  /// ```swift
  /// Chart.residuals([PredictionSeries(measured: latencies, predicted: predictions, unit: "ms")])
  /// ```
  /// - Parameter span: The fraction of samples that the fit at each place uses.
  public static func residuals(
    _ series: [PredictionSeries], title: Phrase? = Phrase(.residuals), span: Double = 0.5
  ) -> Chart {
    let points = series.map { series in
      let pairs = zip(series.measured, series.predicted).map { (x: $0, y: ($1 - $0) / $0) }
        .filter { $0.x.isFinite && $0.y.isFinite }
      return (x: pairs.map(\.x), y: pairs.map(\.y))
    }
    let fits = points.map { LocalFit(x: $0.x, y: $0.y, span: span) }
    let columns = max(1, min(series.count, 2))
    let extent = Values(points.flatMap(\.x)).extent ?? 0...1
    let panels = series.indices.map { position in
      panel(
        series[position], points: points[position], fit: fits[position], extent: extent, isFirst: position == 0)
    }
    let rows = max(1, (panels.count + columns - 1) / columns)
    let hasAmounts = panels.contains(where: \.hasAmounts)
    return Chart(
      title: title,
      summary: zip(series, zip(points, fits)).prefix(6).map { series, found in
        guard let extent = Values(found.1.y).extent, let median = Quantiles(found.0.y).median else {
          return Phrase(.nothing).named(series.label)
        }
        return Phrase(
          .residualSummary, .number(median, .percent(1)),
          .number(extent.lowerBound, .percent(1)), .number(extent.upperBound, .percent(1))
        ).named(series.label)
      },
      size: Size(width: 640, height: 100 + (rows == 1 ? 280 : 200 * Double(rows)) + (hasAmounts ? 40 : 0)),
      panels: panels, columns: columns, sharesX: true, sharesY: true,
      amount: DensityGrid.amount.with { $0.title = Phrase(.samplesPerCell) })
  }

  private static func panel(
    _ series: PredictionSeries, points: (x: [Double], y: [Double]), fit: LocalFit, extent: ClosedRange<Double>,
    isFirst: Bool
  ) -> Panel {
    let isLogarithmic = extent.lowerBound > 0 && extent.upperBound > 30 * extent.lowerBound
    // The band must reach the frame without widening the axis.
    let errors = Values(points.y).extent ?? -0.1...0.1
    let (low, high) = (min(-0.12, errors.lowerBound), max(0.12, errors.upperBound))
    let margin = 0.04 * (high - low)
    let reach =
      isLogarithmic
      ? (extent.lowerBound / 1.08, extent.upperBound * 1.08)
      : (
        extent.lowerBound - 0.04 * (extent.upperBound - extent.lowerBound),
        extent.upperBound + 0.04 * (extent.upperBound - extent.lowerBound)
      )
    let cloud = cloud(
      x: points.x, y: points.y, columns: 120, rows: 64, isLogarithmic: (isLogarithmic, false),
      style: Style(color: .series(0), opacity: 0.5, radius: 2.25))
    let fitColor: Color = cloud.amounts == nil ? .series(2) : .ink
    return Panel(
      title: series.label.isEmpty ? nil : .words(series.label),
      x: Axis(
        Phrase(.measured), unit: series.unit, scale: isLogarithmic ? .logarithmic : .linear,
        extent: .fixed(from: reach.0, to: reach.1)),
      y: Axis(
        Phrase(.relativeResidual), extent: .fixed(from: low - margin, to: high + margin), format: .percent(0),
        showsGrid: true),
      layers: [
        Layer(
          .area(x: [reach.0, reach.1], low: [-0.1, -0.1], high: [0.1, 0.1]),
          style: Style(color: .muted, opacity: 0.14), label: isFirst ? "±10%" : nil, labelPlace: .legend),
        cloud,
        // A line in the paper's colour beneath the fit separates it from the points.
        Layer(.line(x: Values(fit.x), y: Values(fit.y)), style: Style(color: .paper, opacity: 0.8, width: 5)),
        Layer(
          .line(x: Values(fit.x), y: Values(fit.y)), style: Style(color: fitColor, width: 2.25),
          label: isFirst ? Phrase(.localFit) : nil, labelPlace: .legend),
      ])
  }
}
