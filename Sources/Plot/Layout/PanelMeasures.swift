internal import Basics

/// The measures of a panel: its axes and the sizes of its texts. Its place is set later.
struct PanelMeasures {
  let panel: Panel
  let row: Int
  let column: Int
  let x: ResolvedAxis
  let y: ResolvedAxis
  let showsX: Bool
  let showsY: Bool
  let title: ShapedText?
  let xTitle: ShapedText?
  let yTitle: ShapedText?
  let yTicks: [ResolvedAxis.Tick]
  /// The wanted number of y ticks; for equal axes of x ticks too.
  let tickCount: Int
  /// The width at which names of y ticks are wrapped.
  let yTickWidth: Double
  /// The width of the widest y tick label.
  let widestYTick: Double?
  /// The height of the tallest x tick label.
  let xTickHeight: Double
  /// The names at the ends of lines, by layer.
  let ends: [(layer: Int, text: ShapedText)]
  /// Whether there are too many names for the panel's side, so that the legend shows them.
  let namesInLegend: Bool
  /// The frame around the marks, which ``PanelGrid`` sets.
  var frame = Rectangle(left: 0, top: 0, right: 0, bottom: 0)
  /// The left edge of everything that belongs to the panel's column.
  var outerLeft = 0.0
  /// The upper edge of everything that belongs to the panel's row.
  var outerTop = 0.0

  /// The space that the guides take above the frame.
  var above: Double {
    let texts = [title, yTitle].compactMap { $0 }
    return texts.reduce(0) { $0 + $1.height + 2 } + (texts.isEmpty ? 6 : Self.titleGap)
  }

  /// The gap between the frame and the titles above it, with room for the upper half of the topmost tick label.
  static let titleGap = 9.0

  var below: Double {
    guard showsX else { return 4 }
    return Typography.tickGap + max(16, xTickHeight) + (xTitle.map { $0.height + 1 } ?? 0)
  }

  var before: Double {
    guard showsY, let widestYTick else { return 1 }
    return widestYTick + Typography.tickGap
  }

  var after: Double {
    ends.map(\.text.width).max().map { $0 + Typography.endGap + 8 } ?? 10
  }

  static func all(in layout: ChartLayout) throws -> [PanelMeasures] {
    let chart = layout.chart
    let columns = max(1, min(chart.columns, chart.panels.count))
    let rows = (chart.panels.count + columns - 1) / columns
    let roughHeight = chart.size.height * 0.68 / Double(max(1, rows))
    let roughWidth = chart.size.width * 0.8 / Double(columns)
    let yCount = max(3, Int(clamping: roughHeight / 46))
    let xCount = max(3, Int(clamping: roughWidth / 80))
    let equalCount = max(3, Int(clamping: min(roughWidth, roughHeight) / 52))
    let axes = resolvedAxes(of: chart, xCount: xCount, yCount: yCount)
    return try chart.panels.enumerated().map { position, panel in
      let (row, column) = (position / columns, position % columns)
      let (x, y) = axes[position]
      let isLowest = position + columns >= chart.panels.count
      let showsX = panel.x.showsLabels && (!chart.sharesX || isLowest)
      let showsY = panel.y.showsLabels && (!chart.sharesY || column == 0)
      let wide = roughWidth * 0.95
      let tickCount = panel.hasEqualAxes ? equalCount : yCount
      let yTicks = y.ticks(count: tickCount)
      let yTickWidth = roughWidth * 0.42
      let yTickTexts = try yTicks.map { try layout.shape($0.label, size: Typography.tick, width: yTickWidth) }
      var ends: [(layer: Int, text: ShapedText)] = []
      for (index, layer) in panel.layers.enumerated() where layer.labelPlace == .end {
        guard let label = layer.label, layer.mark.lastPoint != nil else { continue }
        ends.append((index, try layout.shape(label, size: Typography.label, width: roughWidth * 0.3)))
      }
      let isCrowded = ends.reduce(0) { $0 + $1.text.height } > roughHeight
      // Names of categories are wrapped, and points in time may take two lines.
      let hasTallTicks =
        switch x.axis.scale {
        case .category, .time: showsX
        case .linear, .logarithmic: false
        }
      let xTicks = hasTallTicks ? x.ticks(count: xCount) : []
      let band = x.axis.scale == .time ? nil : roughWidth / Double(max(1, xTicks.count)) - 6
      let xTickHeight = try xTicks.map { try layout.shape($0.label, size: Typography.tick, width: band).height }.max()
      return PanelMeasures(
        panel: panel, row: row, column: column, x: x, y: y, showsX: showsX, showsY: showsY,
        title: try panel.title.map {
          try layout.shape($0, size: Typography.panelTitle, isBold: chart.panels.count > 1, width: wide)
        },
        xTitle: showsX ? try text(x.title(in: layout.language), in: layout, width: wide) : nil,
        yTitle: showsY ? try text(y.title(in: layout.language), in: layout, width: wide) : nil,
        yTicks: yTicks, tickCount: tickCount, yTickWidth: yTickWidth, widestYTick: yTickTexts.map(\.width).max(),
        xTickHeight: xTickHeight ?? 0, ends: isCrowded ? [] : ends, namesInLegend: isCrowded)
    }
  }

  private static func text(_ title: String?, in layout: ChartLayout, width: Double) throws -> ShapedText? {
    guard let title, !title.isEmpty else { return nil }
    return try layout.shaper.shape(title, size: Typography.axisTitle, width: width)
  }

  /// The axes of all panels. Shared axes span the values of all panels.
  static func resolvedAxes(of chart: Chart, xCount: Int, yCount: Int) -> [(x: ResolvedAxis, y: ResolvedAxis)] {
    func union(_ extents: [ClosedRange<Double>?]) -> ClosedRange<Double>? {
      let known = extents.compactMap { $0 }
      guard let low = known.map(\.lowerBound).min(), let high = known.map(\.upperBound).max() else { return nil }
      return low...high
    }
    let xExtents = chart.panels.map { $0.extent(.horizontal) }
    let yExtents = chart.panels.map { $0.extent(.vertical) }
    // Only logarithmic axes need the least positive values.
    let xLeasts: [Double?] = chart.panels.map { $0.x.scale == .logarithmic ? $0.leastPositive(.horizontal) : nil }
    let yLeasts: [Double?] = chart.panels.map { $0.y.scale == .logarithmic ? $0.leastPositive(.vertical) : nil }
    var axes = chart.panels.indices.map { position in
      let panel = chart.panels[position]
      var xExtent = chart.sharesX ? union(xExtents) : xExtents[position]
      var yExtent = chart.sharesY ? union(yExtents) : yExtents[position]
      var xLeast = chart.sharesX ? xLeasts.compactMap { $0 }.min() : xLeasts[position]
      var yLeast = chart.sharesY ? yLeasts.compactMap { $0 }.min() : yLeasts[position]
      if panel.hasEqualAxes {
        xExtent = union([xExtent, yExtent])
        yExtent = xExtent
        xLeast = [xLeast, yLeast].compactMap { $0 }.min()
        yLeast = xLeast
      }
      return (
        x: ResolvedAxis(panel.x, data: xExtent, leastPositive: xLeast, count: xCount),
        y: ResolvedAxis(panel.y, data: yExtent, leastPositive: yLeast, count: yCount)
      )
    }
    // Fixed extents and round ends may still differ.
    func share(_ path: WritableKeyPath<(x: ResolvedAxis, y: ResolvedAxis), ResolvedAxis>) {
      guard let low = axes.map({ $0[keyPath: path].low }).min(), let high = axes.map({ $0[keyPath: path].high }).max()
      else { return }
      for position in axes.indices {
        axes[position][keyPath: path].low = low
        axes[position][keyPath: path].high = high
      }
    }
    if chart.sharesX { share(\.x) }
    if chart.sharesY { share(\.y) }
    return axes
  }

  /// The legend entries of all layers, each once.
  static func legendEntries(of chart: Chart, panels: [PanelMeasures]) -> [LegendEntry] {
    var entries: [LegendEntry] = []
    for measures in panels {
      for layer in measures.panel.layers {
        guard let label = layer.label else { continue }
        let hasNoEnd = layer.mark.lastPoint == nil
        guard layer.labelPlace == .legend || hasNoEnd || measures.namesInLegend else { continue }
        let entry = LegendEntry(label, symbol: layer.mark.symbol, style: layer.style)
        if !entries.contains(entry) { entries.append(entry) }
      }
    }
    return entries
  }
}

extension Mark {
  /// The last position with finite values, beside which a name can be written.
  var lastPoint: Point? {
    switch self {
    case .line(let x, let y), .point(let x, let y):
      guard let last = x.indices.last(where: { x[$0].isFinite && y[$0].isFinite }) else { return nil }
      return Point(x: x[last], y: y[last])
    case .area(let x, let low, let high):
      guard let last = x.indices.last(where: { x[$0].isFinite && low[$0].isFinite && high[$0].isFinite }) else {
        return nil
      }
      return Point(x: x[last], y: (low[last] + high[last]) / 2)
    case .rectangle, .rule, .text: return nil
    }
  }

  var symbol: LegendEntry.Symbol {
    switch self {
    case .line, .rule, .text: .line
    case .point: .point
    case .area, .rectangle: .area
    }
  }
}
