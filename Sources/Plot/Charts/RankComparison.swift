internal import Basics

extension Chart {
  /// Methods from best to worst: a dot with its interval for each, and its value beside it. The best method's
  /// interval is a band through the chart. Methods whose intervals overlap it keep their colour; those clearly behind
  /// are grey.
  ///
  /// ```swift
  /// Chart.ranks(["GCN", "linear"], [.mean(of: gcn), .mean(of: linear)], value: Axis("Kendall's τ"), better: .higher)
  /// ```
  public static func ranks(
    _ names: [String], _ estimates: [Estimate], title: Phrase? = nil, value: Axis = Axis(),
    better: Table.Column.Direction
  ) -> Chart {
    let methods = zip(names, estimates).map { (name: $0, estimate: $1) }.filter { $0.estimate.value.isFinite }
      .stablySorted { better == .lower ? $0.estimate.value < $1.estimate.value : $0.estimate.value > $1.estimate.value }
    var layers: [Layer] = []
    if let best = methods.first?.estimate {
      layers.append(
        Layer(
          .rectangle(
            left: [best.low], right: [best.high], bottom: [-0.5], top: [Double(methods.count) - 0.5]),
          style: Style(color: .series(0), opacity: 0.12, inset: 0)))
    }
    for (position, method) in methods.enumerated() {
      let place = Double(position)
      let estimate = method.estimate
      let isLevel = methods[0].estimate.low <= estimate.high && estimate.low <= methods[0].estimate.high
      let color: Color = isLevel ? .series(0) : .muted
      layers += [
        Layer(
          .line(x: [estimate.low, estimate.high], y: [place, place]),
          style: Style(color: color, opacity: 0.7, width: 2.5)),
        Layer(.point(x: [estimate.value], y: [place]), style: Style(color: color, radius: 5)),
        Layer(
          .text(x: [estimate.value], y: [place], labels: [.number(estimate.value, value.format)]),
          style: Style(color: .ink, shiftUp: 13, isBold: position == 0)),
      ]
    }
    return Chart(
      title: title, summary: rankSummary(methods, format: value.format).map { [$0] } ?? [],
      size: Size(width: 640, height: 100 + 44 * Double(max(1, methods.count))),
      panels: [
        Panel(
          x: value.with { ($0.extent, $0.showsGrid) = ($0.extent == .nice ? .padded : $0.extent, true) },
          y: Axis(
            scale: .category(methods.map { .words($0.name) }), isReversed: true, showsLine: false), layers: layers)
      ])
  }

  private static func rankSummary(
    _ methods: [(name: String, estimate: Estimate)], format: NumberFormat
  ) -> Phrase? {
    guard let best = methods.first, let last = methods.last else { return nil }
    return Phrase(
      .rankSummary, .number(Double(methods.count), .integer), .phrase(.words(best.name)),
      .phrase(best.estimate.phrase(format)), .phrase(.words(last.name)), .phrase(last.estimate.phrase(format)))
  }
}
