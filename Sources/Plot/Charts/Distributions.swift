extension Chart {
  /// A horizontal box plot for each group, so that names of any length can be read: a box from the first to the third
  /// quartile with the median, lines to the furthest values within 1.5 interquartile ranges of it (Tukey), and a ring
  /// for each value beyond.
  ///
  /// ```swift
  /// Chart.boxes(Distribution.grouped(latencies, by: devices), x: Axis("latency", unit: "ms"))
  /// ```
  public static func boxes(_ groups: [Distribution], title: Phrase? = nil, x: Axis = Axis()) -> Chart {
    distributions(groups, title: title, x: x) { group, place, position in
      boxLayers(Quantiles(group.values), place: place, half: 0.3, color: .series(position), showsOutliers: true)
    }
  }

  /// A horizontal violin plot for each group: a kernel density mirrored around the group's line, with the same
  /// greatest width for all groups and a slim box inside.
  ///
  /// ```swift
  /// Chart.violins([Distribution(label: "epyc", values: a), Distribution(label: "树莓派 4", values: b)])
  /// ```
  public static func violins(_ groups: [Distribution], title: Phrase? = nil, x: Axis = Axis()) -> Chart {
    let isLogarithmic = x.scale == .logarithmic
    return distributions(groups, title: title, x: x) { group, place, position in
      // The density is estimated in the axis' own measure, and only within the range of the values, which may not be
      // negative.
      let values = isLogarithmic ? group.values.map(\.logarithm) : group.values
      guard let extent = Values(values).extent, extent.upperBound > extent.lowerBound else {
        return boxLayers(
          Quantiles(group.values), place: place, half: 0.08, color: .series(position), showsOutliers: true)
      }
      let curve = KernelDensity(values, range: extent)
      let greatest = curve.density.max() ?? 1
      let xs = isLogarithmic ? curve.x.map(\.exponential) : curve.x
      let halves = curve.density.map { 0.4 * $0 / greatest }
      let violin = Layer(
        .area(x: Values(xs), low: Values(halves.map { place - $0 }), high: Values(halves.map { place + $0 })),
        style: Style(color: .series(position), opacity: 0.3, outlineWidth: 1.25))
      return [violin]
        + boxLayers(
          Quantiles(group.values), place: place, half: 0.06, color: .series(position), showsOutliers: false)
    }
  }

  private static func distributions(
    _ groups: [Distribution], title: Phrase?, x: Axis, layers: (Distribution, Double, Int) -> [Layer]
  ) -> Chart {
    let marks = groups.enumerated().flatMap { layers($1, Double($0), $0) }
    var chart = Chart(
      title: title, summary: groups.prefix(8).map { $0.summary(format: x.format) },
      size: Size(width: 640, height: 90 + 52 * Double(max(1, groups.count))),
      panels: [
        Panel(
          x: x.with { ($0.extent, $0.showsGrid) = ($0.extent == .nice ? .padded : $0.extent, true) },
          y: Axis(scale: .category(groups.map { .words($0.label) }), isReversed: true, showsLine: false),
          layers: marks)
      ])
    chart.leave(out: groups.reduce(0) { $0 + $1.values.count { !$0.isFinite } })
    return chart
  }

  private static func boxLayers(
    _ quantiles: Quantiles, place: Double, half: Double, color: Color, showsOutliers: Bool
  ) -> [Layer] {
    guard let first = quantiles(0.25), let median = quantiles.median, let third = quantiles(0.75) else { return [] }
    let reach = 1.5 * quantiles.interquartileRange
    let near = quantiles.sorted.filter { $0 >= first - reach && $0 <= third + reach }
    let (low, high) = (near.first ?? first, near.last ?? third)
    let outliers = quantiles.sorted.filter { $0 < low || $0 > high }
    var layers = [
      Layer(
        .line(x: [low, first, .nan, third, high], y: [place, place, .nan, place, place]),
        style: Style(color: color, width: 1.5)),
      Layer(
        .rectangle(left: [first], right: [third], bottom: [place - half], top: [place + half]),
        style: showsOutliers
          ? Style(color: color, opacity: 0.25, cornerRadius: 2, inset: 0, outlineWidth: 1.5)
          : Style(color: color, opacity: 0.9, cornerRadius: 2, inset: 0)),
    ]
    if showsOutliers {
      layers.append(
        Layer(
          .line(x: [median, median], y: [place - half, place + half]), style: Style(color: color, width: 3)))
      if !outliers.isEmpty {
        layers.append(
          Layer(
            .point(x: Values(outliers), y: Values(outliers.map { _ in place })),
            style: Style(color: color, opacity: 0.8, width: 1.25, radius: 2.5, isHollow: true)))
      }
    } else {
      layers.append(
        Layer(
          .point(x: [median], y: [place]), style: Style(color: color, width: 1.5, radius: 3.25, isHollow: true)))
    }
    return layers
  }
}
