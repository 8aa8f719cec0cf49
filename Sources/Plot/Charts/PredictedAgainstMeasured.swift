extension Chart {
  /// Predicted against measured values, with one square panel for each series: equal axes, the diagonal, and the band
  /// of 10 %. From 2,000 samples on, cells coloured by their counts replace points.
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
    let panels = series.map { panel($0, extent: extent, isLogarithmic: isLogarithmic, isAlone: series.count == 1) }
    let columns = max(1, min(panels.count, 3))
    let rows = (panels.count + columns - 1) / columns
    // The sides of the frames, and the room for guides beside and above them.
    let side = columns == 1 ? 370.0 : columns == 2 ? 270 : 195
    return Chart(
      title: title, summary: series.prefix(6).map(shareSummary),
      size: Size(
        width: side * Double(columns) + 30 * Double(columns - 1) + 72,
        height: (side + 30) * Double(max(1, rows)) + 135 + (panels.contains(where: \.hasAmounts) ? 40 : 0)),
      panels: panels, columns: columns, sharesX: true, sharesY: true,
      amount: DensityGrid.amount.with { $0.title = Phrase(.samplesPerCell) })
  }

  private static func panel(
    _ series: PredictionSeries, extent: ClosedRange<Double>, isLogarithmic: Bool, isAlone: Bool
  ) -> Panel {
    // The band must reach the frame, wherever the axes end.
    let low = isLogarithmic ? extent.lowerBound / 10 : min(0, extent.lowerBound * 2)
    let high = isLogarithmic ? extent.upperBound * 10 : extent.upperBound * 2
    let ends: Values = [low, high]
    let share = Phrase(
      .withinTenPercent, .number(series.share(within: 0.1), .percent(1)),
      .number(Double(series.relativeErrors.count), .integer))
    let diagonal = Layer(.line(x: ends, y: ends), style: Style(color: .muted, width: 1))
    // Cells would hide the diagonal, so it is drawn on top.
    let diagonalOnTop = [
      Layer(.line(x: ends, y: ends), style: Style(color: .paper, opacity: 0.6, width: 3)),
      Layer(.line(x: ends, y: ends), style: Style(color: .ink, width: 1)),
    ]
    let axis = Axis(
      unit: series.unit, scale: isLogarithmic ? .logarithmic : .linear, extent: .fixed(from: 0, to: 0), showsGrid: true)
    let margin = isLogarithmic ? 1.08 : 0.04 * (extent.upperBound - extent.lowerBound)
    let fixedEnds =
      isLogarithmic
      ? (extent.lowerBound / margin, extent.upperBound * margin)
      : (extent.lowerBound - margin, extent.upperBound + margin)
    let fixed = Axis.Extent.fixed(from: fixedEnds.0, to: fixedEnds.1)
    return Panel(
      title: series.label.isEmpty ? nil : .words(series.label),
      x: axis.with { ($0.title, $0.extent) = (Phrase(.measured), fixed) },
      y: axis.with { ($0.title, $0.extent) = (Phrase(.predicted), fixed) },
      layers: [
        Layer(
          .area(x: ends, low: [low * 0.9, high * 0.9], high: [low * 1.1, high * 1.1]),
          style: Style(color: .muted, opacity: 0.14), label: isAlone ? share : "±10%", labelPlace: .legend),
        diagonal,
        cloud(
          x: series.measured, y: series.predicted, columns: 96, rows: 96,
          isLogarithmic: (isLogarithmic, isLogarithmic),
          style: Style(color: .series(0), opacity: 0.55, radius: isAlone ? 2.5 : 2)),
      ]
        + (series.measured.count > DensityGrid.threshold ? diagonalOnTop : [])
        + (isAlone
          ? []
          : [
            Layer(
              .text(x: [fixedEnds.0], y: [fixedEnds.1], labels: [share]),
              style: Style(color: .muted, anchor: .start, shiftRight: 6, shiftUp: -12))
          ]),
      hasEqualAxes: true)
  }

  /// Points, or from ``DensityGrid/threshold`` on cells coloured by their counts.
  static func cloud(
    x: [Double], y: [Double], columns: Int = 108, rows: Int = 60, isLogarithmic: (x: Bool, y: Bool) = (false, false),
    style: Style
  ) -> Layer {
    guard min(x.count, y.count) > DensityGrid.threshold, x.count == y.count else {
      return Layer(.point(x: Values(x), y: Values(y)), style: style)
    }
    return DensityGrid(x: x, y: y, columns: columns, rows: rows, isLogarithmic: isLogarithmic).layer
  }
}

extension Panel {
  var hasAmounts: Bool { layers.contains(where: \.hasColorsOfAmounts) }
}
