extension Chart {
  /// Histograms of the signed relative error, with one panel for each series on the same axis: bins by Freedman and
  /// Diaconis, the 10 % band shaded, the median named.
  ///
  /// The axis ends six interquartile ranges beyond the quartiles. Samples further out are counted in the subtitle.
  ///
  /// ```swift
  /// Chart.relativeErrors([PredictionSeries(label: "lr 0.001", measured: latencies, predicted: predictions)])
  /// ```
  public static func relativeErrors(
    _ series: [PredictionSeries], title: Phrase? = Phrase(.relativeErrors), rule: Bins.Rule = .freedmanDiaconis
  ) -> Chart {
    let errors = series.map(\.relativeErrors)
    let ranges = errors.compactMap(centralRange)
    let low = min(-0.12, ranges.map(\.lowerBound).min() ?? 0)
    let high = max(0.12, ranges.map(\.upperBound).max() ?? 0)
    // All panels have the same bin width, so that their heights can be compared.
    let widths = errors.map { Bins.width(Quantiles($0), rule: rule) }.filter { $0 > 0 }
    let width = widths.min().map { max($0, (high - low) / 60) }
    var beyond = 0
    let panels = zip(series, errors).map { series, errors in
      let bins = Bins(errors, rule: rule, range: centralRange(errors), width: width)
      beyond += bins.below + bins.above
      // Without errors, there is a bin from 0 to 1, which is no range of errors.
      let edges = errors.isEmpty ? [] : bins.edges
      return Panel(
        title: series.label.isEmpty ? nil : .words(series.label),
        x: Axis(
          Phrase(.relativeError),
          extent: .fixed(from: min(low, edges.first ?? low), to: max(high, edges.last ?? high)),
          format: .percent(0)),
        y: Axis(Phrase(.samples), extent: .nice, includesZero: true, showsGrid: true, isWhole: true),
        layers: errors.isEmpty ? [] : errorLayers(errors, bins: bins))
    }
    return Chart(
      title: title,
      subtitle: beyond > 0 ? Phrase(.beyondAxis, .number(Double(beyond), .integer)) : nil,
      summary: zip(series, errors).prefix(6).map { series, errors in
        guard let median = Quantiles(errors).median else { return Phrase(.nothing).named(series.label) }
        return Phrase(
          .histogramSummary, .number(median, .percent(1)),
          .number(Double(errors.count), .integer), .number(series.share(within: 0.1), .percent(1))
        ).named(series.label)
      },
      size: Size(width: 640, height: panels.count > 1 ? 80 + 180 * Double(panels.count) : 340),
      panels: panels, sharesX: true)
  }

  /// The range of nearly all values: six interquartile ranges beyond the quartiles, or the range of all values if it
  /// is smaller.
  private static func centralRange(_ errors: [Double]) -> ClosedRange<Double>? {
    let quantiles = Quantiles(errors)
    guard let least = quantiles.sorted.first, let greatest = quantiles.sorted.last, let first = quantiles(0.25),
      let third = quantiles(0.75)
    else { return nil }
    let reach = 6 * quantiles.interquartileRange
    guard reach > 0 else { return least...greatest }
    let near = quantiles.sorted.filter { $0 >= first - reach && $0 <= third + reach }
    return (near.first ?? least)...(near.last ?? greatest)
  }

  private static func errorLayers(_ errors: [Double], bins: Bins) -> [Layer] {
    let tallest = Double(bins.counts.max() ?? 0)
    var layers = [
      Layer(
        .rectangle(
          left: Values(bins.edges.dropLast()), right: Values(bins.edges.dropFirst()),
          bottom: Values(bins.counts.map { _ in 0.0 }), top: Values(bins.counts)),
        style: Style(color: .series(0), opacity: 0.85)),
      Layer(.rule(.vertical, at: [-0.1, 0.1]), style: Style(color: .muted, width: 1, dash: .dashed)),
    ]
    if let median = Quantiles(errors).median {
      layers.append(Layer(.rule(.vertical, at: [median]), style: Style(color: .ink, width: 1.25)))
      layers.append(
        Layer(
          .text(x: [median], y: [tallest * 1.12], labels: [Phrase(.medianValue, .number(median, .percent(1)))]),
          style: Style(color: .ink, anchor: .start, shiftRight: 6)))
    }
    return layers
  }
}
