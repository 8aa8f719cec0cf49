/// Turns a chart into a scene: settles what every axis spans, measures texts, gives panels their places, and draws guides and
/// marks.
struct ChartLayout {
  let chart: Chart
  let language: Language
  let shaper: TextShaper
  var scene: Scene

  /// - Throws: ``DrawingError`` when channels of a mark differ in length or a text can't be shaped.
  static func scene(of chart: Chart, options: DrawingOptions) throws -> Scene {
    try chart.checkChannels()
    var layout = ChartLayout(
      chart: chart, language: Language(tag: options.language), shaper: try TextShaper(options: options),
      scene: Scene(size: chart.size))
    try layout.build()
    return layout.scene
  }

  func shape(_ phrase: Phrase, size: Double, isBold: Bool = false, width: Double? = nil) throws -> ShapedText {
    try shaper.shape(phrase.text(in: language), size: size, isBold: isBold, width: width)
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
    var panels = try PanelMeasures.all(in: self)
    let entries = chart.legend + PanelMeasures.legendEntries(of: chart, panels: panels)
    if !entries.isEmpty { top += try drawLegend(entries, top: top + 4, width: width) + 4 }
    top += top > margin ? 6 : 0
    let area = Rectangle(
      left: margin, top: top, right: chart.size.width - margin, bottom: chart.size.height - margin + 2)
    PanelGrid.place(&panels, in: area, chart: chart)
    for panel in panels {
      try PanelDrawing(layout: self, measures: panel).draw(into: &scene)
    }
  }

  /// Rows of samples with their labels; returns the height they take.
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
      scene.items.append(
        .shape(Self.sample(entry, from: Point(x: x, y: middle), width: sampleWidth)))
      scene.items.append(
        .text(PlacedText(text: text, origin: Point(x: x + sampleWidth + 6, y: y), color: .color(.ink))))
      x += entryWidth + 18
    }
    return y - top + rowHeight
  }

  private static func sample(_ entry: LegendEntry, from start: Point, width: Double) -> Shape {
    let style = entry.style
    let color = ColorRole.color(style.color)
    switch entry.symbol {
    case .line:
      let end = Point(x: start.x + width, y: start.y)
      return Shape(
        geometry: .lines([[start, end]]), stroke: color, strokeWidth: style.width, dash: style.dash,
        opacity: style.opacity)
    case .point:
      return Shape(
        geometry: .circles([Point(x: start.x + width / 2, y: start.y)], radius: max(3.5, style.radius)),
        fill: style.isHollow ? .color(.paper) : color, stroke: style.isHollow ? color : nil, strokeWidth: style.width,
        opacity: max(0.8, style.opacity))
    case .area:
      let half = 5.0
      let corners = [(-half, -half), (half, -half), (half, half), (-half, half)]
      return Shape(
        geometry: .polygons([corners.map { Point(x: start.x + width / 2 + $0.0, y: start.y + $0.1) }]), fill: color,
        opacity: max(0.25, style.opacity))
    }
  }
}

extension Chart {
  /// Every channel of a mark must have as many values as the others.
  func checkChannels() throws {
    for (panelNumber, panel) in panels.enumerated() {
      for (layerNumber, layer) in panel.layers.enumerated() {
        let counts = layer.mark.counts
        guard let first = counts.first, let other = counts.first(where: { $0.count != first.count }) else { continue }
        let name = layer.label.map { " \"\($0.text(in: .english))\"" } ?? ""
        throw DrawingError(
          "layer \(layerNumber + 1)\(name) of panel \(panelNumber + 1) has \(first.count) values of \(first.name) "
            + "but \(other.count) of \(other.name)",
          remedy: "Give every channel of a mark the same number of values.")
      }
    }
    guard size.width >= 120, size.height >= 80, size.width <= 20_000, size.height <= 20_000 else {
      throw DrawingError(
        "a chart can't be drawn \(NumberFormat.automatic.text(size.width)) units wide and "
          + "\(NumberFormat.automatic.text(size.height)) high",
        remedy: "Give it a size from 120 by 80 to 20,000 by 20,000 logical units.")
    }
  }
}

extension Mark {
  var counts: [(name: String, count: Int)] {
    switch self {
    case .line(let x, let y), .point(let x, let y): [("x", x.count), ("y", y.count)]
    case .area(let x, let low, let high): [("x", x.count), ("low", low.count), ("high", high.count)]
    case .rectangle(let left, let right, let bottom, let top):
      [("left", left.count), ("right", right.count), ("bottom", bottom.count), ("top", top.count)]
    case .rule: []
    case .text(let x, let y, let labels): [("x", x.count), ("y", y.count), ("labels", labels.count)]
    }
  }
}
