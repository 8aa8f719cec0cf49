import Foundation

/// A named line or cloud of points.
public struct Series: Codable, Hashable, Sendable {
  public var label: String
  public var x: [Double]
  public var y: [Double]

  /// - Parameter y: The y values, as many as `x`. NaN is a gap in a line.
  public init(label: String = "", x: [Double], y: [Double]) {
    self.label = label
    self.x = x
    self.y = y
  }

  /// Values over time, for an axis with the scale ``Scale/time``.
  public init(label: String = "", dates: [Date], y: [Double]) {
    self.init(label: label, x: dates.map(\.timeIntervalSince1970), y: y)
  }

  /// Values at 1, 2, 3, ...
  public init(label: String = "", _ y: [Double]) {
    self.init(label: label, x: y.indices.map { Double($0 + 1) }, y: y)
  }
}

extension Chart {
  /// Lines named at their ends.
  ///
  /// ```swift
  /// Chart.lines([Series(label: "epyc", x: sizes, y: latencies)],
  ///   title: "Latency", x: Axis("units"), y: Axis("latency", unit: "ms"))
  /// ```
  public static func lines(_ series: [Series], title: Phrase? = nil, x: Axis = Axis(), y: Axis = Axis()) -> Chart {
    layered(series, title: title, x: x.with { if $0.extent == .nice { $0.extent = .tight } }, y: y) {
      series, position in
      Layer(
        .line(x: Values(series.x), y: Values(series.y)), style: Style(color: .series(position)),
        label: series.label.isEmpty ? nil : .words(series.label))
    }
  }

  /// Lines over time.
  ///
  /// ```swift
  /// Chart.timeline([Series(label: "epyc", dates: weeks, y: accuracies)], y: Axis("平均精度", format: .percent(0)))
  /// ```
  public static func timeline(_ series: [Series], title: Phrase? = nil, y: Axis = Axis()) -> Chart {
    var chart = lines(series, title: title, x: Axis(scale: .time, extent: .padded), y: y)
    chart.panels[0].layers += series.enumerated().filter { $1.x.count <= 40 }.map { position, series in
      Layer(
        .point(x: Values(series.x), y: Values(series.y)),
        style: Style(color: .series(position), width: 1.75, radius: 3.25, isHollow: true))
    }
    return chart
  }

  /// One line.
  ///
  /// ```swift
  /// Chart.line(sizes, latencies, title: "Latency", x: Axis("width"), y: Axis("latency", unit: "ms"))
  /// ```
  public static func line(
    _ positions: [Double], _ values: [Double], title: Phrase? = nil, x: Axis = Axis(), y: Axis = Axis()
  ) -> Chart {
    lines([Series(x: positions, y: values)], title: title, x: x, y: y)
  }

  /// One line; the spelling of older notebooks for ``line(_:_:title:x:y:)``.
  public static func line(x: [Double], y: [Double], title: Phrase? = nil, xAxis: Axis = Axis(), yAxis: Axis = Axis())
    -> Chart
  {
    line(x, y, title: title, x: xAxis, y: yAxis)
  }

  /// Clouds of points, named in a legend. A single cloud of more than 2,000 points is shown as cells coloured by
  /// their counts.
  public static func scatter(_ series: [Series], title: Phrase? = nil, x: Axis = Axis(), y: Axis = Axis()) -> Chart {
    let (x, y) = (
      x.with { ($0.showsGrid, $0.extent) = (true, $0.extent == .nice ? .padded : $0.extent) },
      y.with { if $0.extent == .nice { $0.extent = .padded } }
    )
    if series.count == 1, series[0].x.count > DensityGrid.threshold {
      return density(series[0], title: title, x: x, y: y)
    }
    var chart = layered(series, title: title, x: x, y: y) { series, position in
      Layer(
        .point(x: Values(series.x), y: Values(series.y)), style: Style(color: .series(position), opacity: 0.65),
        label: series.label.isEmpty ? nil : .words(series.label), labelPlace: .legend)
    }
    chart.leave(out: series.reduce(0) { $0 + zip($1.x, $1.y).count { !$0.isFinite || !$1.isFinite } })
    return chart
  }

  private static func density(_ series: Series, title: Phrase?, x: Axis, y: Axis) -> Chart {
    let grid = DensityGrid(
      x: series.x, y: series.y, isLogarithmic: (x: x.scale == .logarithmic, y: y.scale == .logarithmic))
    let panel = Panel(x: x, y: y.with { $0.showsGrid = true }, layers: [grid.layer])
    var chart = Chart(
      title: title, subtitle: series.label.isEmpty ? nil : .words(series.label),
      summary: [
        Phrase(
          .densitySummary, .number(Double(grid.counts.reduce(0, +)), .integer),
          .number(Double(grid.counts.max() ?? 0), .integer))
      ], size: Size(width: 640, height: 420), panels: [panel], amount: DensityGrid.amount)
    chart.leave(out: zip(series.x, series.y).count { !$0.isFinite || !$1.isFinite })
    return chart
  }

  /// One cloud of points.
  ///
  /// ```swift
  /// Chart.scatter(sizes, latencies, x: Axis("width"), y: Axis("latency", unit: "ms"))
  /// ```
  public static func scatter(
    _ positions: [Double], _ values: [Double], title: Phrase? = nil, x: Axis = Axis(), y: Axis = Axis()
  ) -> Chart {
    scatter([Series(x: positions, y: values)], title: title, x: x, y: y)
  }

  /// One cloud of points; the spelling of older notebooks for ``scatter(_:_:title:x:y:)``.
  public static func scatter(
    x: [Double], y: [Double], title: Phrase? = nil, xAxis: Axis = Axis(), yAxis: Axis = Axis()
  ) -> Chart {
    scatter(x, y, title: title, x: xAxis, y: yAxis)
  }

  /// A horizontal bar for each name, so that names of any length can be read, with its value at its end.
  ///
  /// ```swift
  /// Chart.bars(["随机划分", "顺序划分"], [0.91, 0.82], title: "平均精度", value: Axis(format: .percent(1)))
  /// ```
  public static func bars(_ names: [String], _ values: [Double], title: Phrase? = nil, value: Axis = Axis()) -> Chart {
    let places = names.indices.map(Double.init)
    let bars = Layer(
      .rectangle(
        left: Values(values.map { $0.isFinite ? min(0, $0) : .nan }),
        right: Values(values.map { $0.isFinite ? max(0, $0) : .nan }),
        bottom: Values(places.map { $0 - 0.36 }), top: Values(places.map { $0 + 0.36 })),
      style: Style(color: .series(0), opacity: 0.9))
    let shown = values.filter(\.isFinite)
    let texts = [true, false].map { isPositive in
      let shown = zip(places, values).filter { $1.isFinite && ($1 >= 0) == isPositive }
      return Layer(
        .text(
          x: Values(shown.map(\.1)), y: Values(shown.map(\.0)),
          labels: shown.map { .number($0.1, value.format) }),
        style: Style(color: .ink, anchor: isPositive ? .start : .end, shiftRight: isPositive ? 5 : -5))
    }
    // The axis leaves room for the values' texts beyond the longest bars.
    let (least, greatest) = (min(0, shown.min() ?? 0), max(0, shown.max() ?? 0))
    let room = 0.11 * (greatest > least ? greatest - least : 1)
    let extent = Axis.Extent.fixed(
      from: least < 0 ? least - room : 0, to: greatest > 0 || least == 0 ? greatest + room : 0)
    var chart = Chart(
      title: title,
      summary: [
        Phrase.list(zip(names, values).filter { $1.isFinite }.map { Phrase.number($1, value.format).named($0) })
      ],
      size: Size(width: 640, height: 90 + 30 * Double(max(1, names.count))),
      panels: [
        Panel(
          x: value.with { ($0.extent, $0.showsGrid) = ($0.extent == .nice ? extent : $0.extent, true) },
          y: Axis(scale: .category(names.map { .words($0) }), isReversed: true), layers: [bars] + texts)
      ])
    chart.leave(out: values.count - shown.count)
    return chart
  }

  /// A histogram of values.
  public static func histogram(
    _ values: [Double], title: Phrase? = nil, x: Axis = Axis(), rule: Bins.Rule = .freedmanDiaconis
  ) -> Chart {
    let bins = Bins(values, rule: rule)
    let quantiles = Quantiles(values)
    let figures = [quantiles(0), quantiles(1), quantiles.median].compactMap { $0 }
      .map { Phrase.Argument.number($0, x.format) }
    let counts = quantiles.sorted.isEmpty ? [] : bins.counts
    var chart = Chart(
      title: title,
      summary: figures.isEmpty
        ? [Phrase(.nothing)]
        : [.term(.valuesSummary, [.number(Double(quantiles.sorted.count), .integer)] + figures)],
      panels: [
        Panel(
          x: x.with { if $0.extent == .nice { $0.extent = .tight } },
          y: Axis(Phrase(.samples), includesZero: true, showsGrid: true, isWhole: true),
          layers: [
            Layer(
              .rectangle(
                left: Values(zip(bins.edges, counts).map { $0.0 }),
                right: Values(zip(bins.edges.dropFirst(), counts).map { $0.0 }),
                bottom: Values(counts.map { _ in 0.0 }), top: Values(counts)),
              style: Style(color: .series(0), opacity: 0.85))
          ])
      ])
    chart.leave(out: values.count - quantiles.sorted.count)
    return chart
  }

  private static func layered(
    _ series: [Series], title: Phrase?, x: Axis, y: Axis, layer: (Series, Int) -> Layer
  ) -> Chart {
    Chart(
      title: title,
      panels: [
        Panel(x: x, y: y.with { $0.showsGrid = true }, layers: series.enumerated().map { layer($1, $0) })
      ])
  }
}
