internal import Basics

/// One setting of a sweep, or its result, with a value for each run: one axis of parallel coordinates.
public struct SweepDimension: Codable, Hashable, Sendable {
  public var axis: Axis
  /// The values: numbers, or indices of the axis' categories.
  public var values: [Double]

  /// Numeric values. The axis is logarithmic if they grow by factors.
  public init(_ title: Phrase, _ values: [Double], unit: String? = nil, format: NumberFormat = .automatic) {
    let scale: Scale = Chart.growsByFactors(values) ? .logarithmic : .linear
    let places = Set(values).filter(\.isFinite).sorted()
    self.axis = Axis(
      title, unit: unit, scale: scale, extent: .tight, format: format, ticks: places.count <= 8 ? places : nil)
    self.values = values
  }

  /// Named values, such as those of optimisers.
  public init(_ title: Phrase, _ values: [String]) {
    var names: [String] = []
    for value in values where !names.contains(value) { names.append(value) }
    self.axis = Axis(title, scale: .category(names.map { .words($0) }))
    self.values = values.map { value in Double(names.firstIndex(of: value) ?? 0) }
  }

  /// The axis' title with its unit.
  fileprivate var title: Phrase {
    let title = axis.title ?? ""
    return axis.unit.map { Phrase(.withUnit, .phrase(title), .phrase(.words($0))) } ?? title
  }

  /// A value as text.
  fileprivate func phrase(_ value: Double) -> Phrase {
    if case .category(let names) = axis.scale { return names[Int(clamping: value)] }
    return .number(value, axis.format)
  }
}

extension Chart {
  /// Runs of a sweep as lines across one axis for each setting, coloured by the outcome on the last axis. Better runs
  /// are on top.
  ///
  /// ```swift
  /// Chart.parallelCoordinates(
  ///   [
  ///     SweepDimension("learning rate", rates), SweepDimension("optimiser", names),
  ///     SweepDimension("MAPE", errors, format: .percent(1)),
  ///   ],
  ///   better: .lower)
  /// ```
  /// - Parameter dimensions: The dimensions, of which the last one is the outcome. All have the same number of
  ///   values.
  public static func parallelCoordinates(
    _ dimensions: [SweepDimension], title: Phrase? = nil, better: Table.Column.Direction? = nil
  ) -> Chart {
    let axes = dimensions.map { dimension -> ResolvedAxis in
      let values = Values(dimension.values)
      return ResolvedAxis(dimension.axis, data: values.extent, leastPositive: values.leastPositive, count: 5)
    }
    let outcome = dimensions.last?.values ?? []
    // Worse runs are drawn first. Runs without an outcome can't be coloured.
    let order = outcome.indices.filter { outcome[$0].isFinite }
      .stablySorted { better == .lower ? outcome[$0] > outcome[$1] : outcome[$0] < outcome[$1] }
    var (x, y, amounts): ([Double], [Double], [Double]) = ([], [], [])
    for run in order {
      for (position, (dimension, axis)) in zip(dimensions, axes).enumerated() {
        x.append(Double(position))
        y.append(dimension.values.indices.contains(run) ? axis.position(dimension.values[run]) : .nan)
        amounts.append(outcome[run])
      }
      x.append(.nan)
      y.append(.nan)
      amounts.append(.nan)
    }
    let lines = Layer(
      .line(x: Values(x), y: Values(y)), style: Style(opacity: order.count > 60 ? 0.55 : 0.85, width: 1.75),
      amounts: Values(amounts))
    return Chart(
      title: title, summary: summary(dimensions, order: order, better: better),
      size: Size(width: max(420, min(900, 150 * Double(dimensions.count))), height: 420),
      panels: [
        Panel(
          x: Axis(
            scale: .category(dimensions.map(\.title)), showsLine: false),
          y: Axis(extent: .fixed(from: -0.04, to: 1.04), showsLabels: false),
          layers: [lines] + guides(axes))
      ], amount: (dimensions.last?.axis ?? Axis()).with { if $0.extent == .nice { $0.extent = .tight } })
  }

  /// A vertical line with ticks for each dimension.
  private static func guides(_ axes: [ResolvedAxis]) -> [Layer] {
    var layers: [Layer] = []
    for (position, axis) in axes.enumerated() {
      let place = Double(position)
      let ticks = axis.ticks(count: axis.axis.ticks?.count ?? 5)
      layers.append(
        Layer(.line(x: [place, place], y: [0, 1]), style: Style(color: .muted, width: 1)))
      layers.append(
        Layer(
          .text(
            x: Values(ticks.map { _ in place }), y: Values(ticks.map { axis.position($0.value) }),
            labels: ticks.map(\.label)),
          style: Style(color: .ink, anchor: .start, shiftRight: 5)))
    }
    return layers
  }

  /// The best run and its settings, or the least and the greatest outcome if neither is better.
  ///
  /// - Parameter order: The runs, the best one last, or the one with the greatest outcome.
  private static func summary(
    _ dimensions: [SweepDimension], order: [Int], better: Table.Column.Direction?
  ) -> [Phrase] {
    guard let first = order.first, let best = order.last, let outcome = dimensions.last else { return [] }
    guard better != nil else {
      return [
        Phrase(
          .outcomeSummary, .number(Double(order.count), .integer), .phrase(outcome.axis.title ?? ""),
          .phrase(outcome.phrase(outcome.values[first])), .phrase(outcome.phrase(outcome.values[best])))
      ]
    }
    let settings = dimensions.dropLast().filter { $0.values.indices.contains(best) }.map { dimension in
      Phrase(
        .assignment, .phrase(dimension.axis.title ?? ""), .phrase(dimension.phrase(dimension.values[best])))
    }
    return [
      Phrase(
        .parallelSummary, .number(Double(order.count), .integer), .phrase(outcome.axis.title ?? ""),
        .phrase(outcome.phrase(outcome.values[best])), .phrase(.list(settings)))
    ]
  }
}
