/// Turns a chart into a scene: it determines the ranges of the axes, measures texts, places panels, and draws guides
/// and marks.
struct ChartLayout {
  let chart: Chart
  let language: Language
  let shaper: TextShaper
  /// The levels of amounts; nil for a chart without amounts.
  let amountLevels: AmountLevels?
  var scene: Scene

  /// - Throws: ``DrawingError`` when channels of a mark differ in length or a text can't be shaped.
  static func scene(of chart: Chart, options: DrawingOptions) throws -> Scene {
    try chart.checkChannels()
    var layout = ChartLayout(
      chart: chart, language: Language(tag: options.language), shaper: try .shared(options),
      amountLevels: AmountLevels.of(chart), scene: Scene(size: chart.size))
    try layout.build()
    return layout.scene
  }

  func shape(
    _ phrase: Phrase, size: Double, isBold: Bool = false, width: Double? = nil, isCentered: Bool = false
  ) throws -> ShapedText {
    try shaper.shape(phrase.text(in: language), size: size, isBold: isBold, width: width, isCentered: isCentered)
  }

  private mutating func build() throws {
    let margin = Typography.margin
    var top = margin - 3
    let width = chart.size.width - 2 * margin
    if let title = chart.title {
      let text = try shape(title, size: Typography.title, isBold: true, width: width)
      scene.items.append(.text(PlacedText(text: text, origin: Point(x: margin, y: top), color: .color(.ink))))
      top += text.height + 2
    }
    if let subtitle = chart.subtitle {
      let text = try shape(subtitle, size: Typography.subtitle, width: width)
      scene.items.append(.text(PlacedText(text: text, origin: Point(x: margin, y: top), color: .color(.muted))))
      top += text.height + 2
    }
    for note in chart.omissions.compactMap(\.note) {
      let text = try shape(note, size: Typography.tick, width: width)
      scene.items.append(.text(PlacedText(text: text, origin: Point(x: margin, y: top), color: .color(.muted))))
      top += text.height + 2
    }
    var panels = try PanelMeasures.all(in: self)
    let entries = chart.legend + PanelMeasures.legendEntries(of: chart, panels: panels)
    if !entries.isEmpty { top += try drawLegend(entries, top: top + 4, width: width) + 4 }
    if chart.amount.showsLabels, let amountLevels {
      top += try ColorBar(levels: amountLevels, layout: self).draw(into: &scene, top: top + 8, width: width) + 8
    }
    top += top > margin ? 6 : 0
    let area = Rectangle(
      left: margin, top: top, right: chart.size.width - margin, bottom: chart.size.height - margin + 2)
    PanelGrid.place(&panels, in: area, chart: chart)
    for panel in panels {
      try PanelDrawing(layout: self, measures: panel).draw(into: &scene)
    }
  }

  /// Draws the legend as rows of samples with labels, and returns its height.
  private mutating func drawLegend(_ entries: [LegendEntry], top: Double, width: Double) throws -> Double {
    var x = Typography.margin
    var y = top
    let sample = 22.0
    var rowHeight = 0.0
    for entry in entries {
      let text = try shape(entry.label, size: Typography.label)
      let entryWidth = (entry.symbol == .line ? sample : 12) + 6 + text.width
      if x > Typography.margin, x + entryWidth > Typography.margin + width {
        x = Typography.margin
        y += rowHeight + 2
      }
      rowHeight = text.height
      let middle = y + text.height / 2
      let sampleWidth = entry.symbol == .line ? sample : 12
      scene.items += Self.sample(entry, from: Point(x: x, y: middle), width: sampleWidth).map(Scene.Item.shape)
      scene.items.append(
        .text(PlacedText(text: text, origin: Point(x: x + sampleWidth + 6, y: y), color: .color(.ink))))
      x += entryWidth + 18
    }
    return y - top + rowHeight
  }

  private static func sample(_ entry: LegendEntry, from start: Point, width: Double) -> [Shape] {
    let style = entry.style
    let color = ColorRole.color(style.color)
    switch entry.symbol {
    case .line:
      let end = Point(x: start.x + width, y: start.y)
      return [
        Shape(
          geometry: .lines([[start, end]]), stroke: color, strokeWidth: style.width, dash: style.dash,
          opacity: style.opacity)
      ]
    case .point:
      return [
        Shape(
          geometry: .circles([Point(x: start.x + width / 2, y: start.y)], radius: max(3.5, style.radius)),
          fill: style.isHollow ? .color(.paper) : color, stroke: style.isHollow ? color : nil,
          strokeWidth: style.width, opacity: max(0.8, style.opacity))
      ]
    case .area:
      let middle = start.x + width / 2
      let square = Rectangle(left: middle - 5, top: start.y - 5, right: middle + 5, bottom: start.y + 5)
      let geometry = Shape.Geometry.rectangles([square], cornerRadius: min(2, style.cornerRadius))
      let form = Shape(geometry: geometry, fill: color, opacity: max(0.25, style.opacity))
      guard style.outlineWidth > 0 else { return [form] }
      return [form, Shape(geometry: geometry, stroke: color, strokeWidth: style.outlineWidth)]
    }
  }
}
