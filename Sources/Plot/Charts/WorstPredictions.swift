extension Chart {
  /// The samples with the greatest relative errors, named, among all others: predicted against measured values with
  /// equal axes, the diagonal and the band of 10 %, and a line from each to the diagonal.
  ///
  /// ```swift
  /// Chart.worstPredictions(PredictionSeries(measured: latencies, predicted: predictions, ids: names))
  /// ```
  public static func worstPredictions(
    _ series: PredictionSeries, count: Int = 10, title: Phrase? = nil
  ) -> Chart {
    let worst = series.worst(count)
    var chart = predictedAgainstMeasured(
      [series], title: title ?? Phrase(.worstPredictions, .number(Double(worst.count), .integer)))
    let measured = worst.map { series.measured[$0] }
    let predicted = worst.map { series.predicted[$0] }
    for layer in chart.panels[0].layers.indices {
      guard case .point = chart.panels[0].layers[layer].mark else { continue }
      chart.panels[0].layers[layer].style.color = .muted
      chart.panels[0].layers[layer].style.opacity = 0.4
    }
    chart.panels[0].layers += [
      Layer(
        .line(
          x: Values(measured.flatMap { [$0, $0, .nan] }),
          y: Values(zip(measured, predicted).flatMap { [$0, $1, .nan] })),
        style: Style(color: .series(2), opacity: 0.5, width: 1.25)),
      Layer(.point(x: Values(measured), y: Values(predicted)), style: Style(color: .series(2), radius: 3.5)),
      Layer(
        .text(x: Values(measured), y: Values(predicted), labels: worst.map { .words(series.name(of: $0)) }),
        style: Style(color: .ink, radius: 3.5, avoidance: .around)),
    ]
    if let first = worst.first {
      let error = (series.predicted[first] - series.measured[first]) / series.measured[first]
      chart.summary.append(
        Phrase(
          .worstSummary, .phrase(.words(series.name(of: first))), .number(error, .percent(1)),
          .number(series.measured[first], .significant(3)), .number(series.predicted[first], .significant(3))))
    }
    return chart
  }
}
