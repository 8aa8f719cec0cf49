/// Estimates along a setting: one line of a sweep.
public struct EstimateSeries: Codable, Hashable, Sendable {
  public var label: String
  public var x: [Double]
  public var estimates: [Estimate]

  /// - Parameter estimates: The estimates, as many as `x`.
  public init(label: String = "", x: [Double], estimates: [Estimate]) {
    self.label = label
    self.x = x
    self.estimates = estimates
  }

  /// Means with their 95 % confidence intervals.
  ///
  /// - Parameter samples: For each x the results of its runs, one for each seed.
  public init(label: String = "", x: [Double], samples: [[Double]]) {
    self.init(label: label, x: x, estimates: samples.map { .mean(of: $0) })
  }
}

extension Chart {
  /// Lines with error bars that show the effect of a setting on a result, named at their ends. The axis of the
  /// setting is logarithmic if its values grow by factors.
  ///
  /// ```swift
  /// Chart.sweep(
  ///   [EstimateSeries(label: "GCN", x: [16, 32, 64], samples: errorsOfSeeds)],
  ///   x: Axis("hidden units"), y: Axis("MAPE"))
  /// ```
  public static func sweep(_ series: [EstimateSeries], title: Phrase? = nil, x: Axis = Axis(), y: Axis = Axis())
    -> Chart
  {
    var bars: [Layer] = []
    var lines: [Layer] = []
    for (position, series) in series.enumerated() {
      let color = Color.series(position)
      let values = series.estimates.map(\.value)
      bars.append(
        Layer(
          .line(
            x: Values(series.x.flatMap { [$0, $0, .nan] }),
            y: Values(series.estimates.flatMap { [$0.low, $0.high, .nan] })),
          style: Style(color: color, opacity: 0.55, width: 2.5)))
      lines.append(
        Layer(
          .line(x: Values(series.x), y: Values(values)), style: Style(color: color),
          label: series.label.isEmpty ? nil : .words(series.label)))
      lines.append(
        Layer(
          .point(x: Values(series.x), y: Values(values)),
          style: Style(color: color, width: 1.75, radius: 3.25, isHollow: true)))
    }
    let places = Set(series.flatMap(\.x)).filter(\.isFinite).sorted()
    let isLogarithmic = x.scale == .linear && x.extent == .nice && growsByFactors(places)
    return Chart(
      title: title, summary: series.prefix(6).compactMap { summary($0, x: x.format, y: y.format) },
      panels: [
        Panel(
          x: x.with {
            if isLogarithmic { $0.scale = .logarithmic }
            if $0.ticks == nil, places.count <= 12 { $0.ticks = places }
            if $0.extent == .nice { $0.extent = .padded }
          }, y: y.with { $0.showsGrid = true }, layers: bars + lines)
      ])
  }

  /// Whether there are at least four different values, and their logarithms are more evenly spaced than the values.
  static func growsByFactors(_ values: [Double]) -> Bool {
    let values = Set(values).sorted()
    guard values.count >= 4, let first = values.first, let last = values.last, first > 0, last >= 8 * first else {
      return false
    }
    func unevenness(_ values: [Double]) -> Double {
      let steps = zip(values, values.dropFirst()).map { $1 - $0 }
      return Quantiles(steps).standardDeviation / (steps.reduce(0, +) / Double(steps.count))
    }
    return unevenness(values.map(\.logarithm)) < unevenness(values)
  }

  private static func summary(_ series: EstimateSeries, x: NumberFormat, y: NumberFormat) -> Phrase? {
    let known = zip(series.x, series.estimates).filter { $0.isFinite && $1.value.isFinite }
    guard let (firstX, first) = known.first, let (lastX, last) = known.last else { return nil }
    return Phrase(
      .estimateSummary, .number(firstX, x), .phrase(first.phrase(y)), .number(lastX, x), .phrase(last.phrase(y))
    ).named(series.label)
  }
}

extension Estimate {
  /// A text such as "0.12 (0.10 to 0.14)".
  func phrase(_ format: NumberFormat) -> Phrase {
    Phrase(.estimate, .number(value, format), .number(low, format), .number(high, format))
  }
}
