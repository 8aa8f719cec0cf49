extension Chart {
  /// Kernel density estimates on one axis: a filled curve for each group, named where it is furthest above the others.
  ///
  /// ```swift
  /// Chart.densities([Distribution(label: "随机划分", values: errors)], x: Axis("相对误差", format: .percent(0)))
  /// ```
  /// - Parameter bandwidth: The standard deviation of the kernel; nil for Silverman's rule in each group.
  public static func densities(
    _ groups: [Distribution], title: Phrase? = nil, x: Axis = Axis(), bandwidth: Double? = nil
  ) -> Chart {
    let curves = groups.map { KernelDensity($0.values, bandwidth: bandwidth) }
    var areas: [Layer] = []
    var names: [Layer] = []
    for (position, curve) in curves.enumerated() where !curve.x.isEmpty {
      let style = Style(color: .series(position), width: 2)
      let area = Mark.area(
        x: Values(curve.x), low: Values(curve.x.map { _ in 0.0 }), high: Values(curve.density))
      areas.append(Layer(area, style: style.with { $0.opacity = groups.count == 1 ? 0.25 : 0.15 }))
      areas.append(Layer(.line(x: Values(curve.x), y: Values(curve.density)), style: style))
      if let place = clearestPlace(of: position, in: curves), !groups[position].label.isEmpty {
        let isRight = (curve.x.first ?? 0) + (curve.x.last ?? 0) < 2 * curve.x[place]
        names.append(
          Layer(
            .text(x: [curve.x[place]], y: [curve.density[place]], labels: [.words(groups[position].label)]),
            style: Style(
              color: .series(position), anchor: isRight ? .start : .end, shiftRight: isRight ? 6 : -6, shiftUp: 7)))
      }
    }
    let tallest = curves.flatMap(\.density).max() ?? 1
    var chart = Chart(
      title: title, summary: groups.prefix(6).map { $0.summary(format: x.format) },
      panels: [
        Panel(
          x: x.with { if $0.extent == .nice { $0.extent = .tight } },
          y: Axis(
            Phrase(.density), extent: .fixed(from: 0, to: tallest * 1.12), showsGrid: true, showsLabels: true),
          layers: areas + names)
      ])
    chart.leave(out: groups.reduce(0) { $0 + $1.values.count { !$0.isFinite } })
    return chart
  }

  /// The place where a curve is highest above all others, among places with at least half its height.
  private static func clearestPlace(of position: Int, in curves: [KernelDensity]) -> Int? {
    let curve = curves[position]
    let tallest = curve.density.max() ?? 0
    func clearance(_ place: Int) -> Double {
      let others = curves.indices.filter { $0 != position && curves[$0].x.count > 1 }.map { other in
        let (xs, x) = (curves[other].x, curve.x[place])
        guard x >= xs[0], x <= xs[xs.count - 1] else { return 0.0 }
        return LocalFit.interpolated(x, places: xs, curve: curves[other].density)
      }
      return curve.density[place] - (others.max() ?? 0)
    }
    return curve.density.indices.filter { 2 * curve.density[$0] >= tallest }.max { clearance($0) < clearance($1) }
  }
}
