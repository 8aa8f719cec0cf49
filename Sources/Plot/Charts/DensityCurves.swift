extension Chart {
  /// Kernel density estimates over one axis: a filled curve each, named at its top, a tick below for every value of a small
  /// group.
  ///
  /// ```swift
  /// Chart.densities([Distribution(label: "随机划分", values: errors)], x: Axis("相对误差", format: .percent(0)))
  /// ```
  /// - Parameter bandwidth: Standard deviation of the kernel; nil for Silverman's rule in each group.
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
      if let top = curve.density.indices.max(by: { curve.density[$0] < curve.density[$1] }), !groups[position].label.isEmpty {
        names.append(
          Layer(
            .text(
              x: [curve.x[top]], y: [curve.density[top]], labels: [.words(groups[position].label)]),
            style: Style(color: .series(position), radius: 4, avoidance: .around)))
      }
    }
    let tallest = curves.flatMap(\.density).max() ?? 1
    return Chart(
      title: title, summary: groups.prefix(6).map { $0.summary(format: x.format) },
      panels: [
        Panel(
          x: x.with { if $0.extent == .nice { $0.extent = .tight } },
          y: Axis(
            Phrase(.density), extent: .fixed(from: 0, to: tallest * 1.12), showsGrid: true, showsLabels: true),
          layers: areas + names)
      ])
  }
}
