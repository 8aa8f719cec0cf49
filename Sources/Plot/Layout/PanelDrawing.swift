internal import Basics

/// Draws one placed panel: grid, marks, axes, names.
struct PanelDrawing {
  let layout: ChartLayout
  let measures: PanelMeasures
  private(set) var xTicks: [ResolvedAxis.Tick] = []
  private(set) var yTicks: [ResolvedAxis.Tick]

  var frame: Rectangle { measures.frame }

  /// - Throws: ``DrawingError`` when a text can't be shaped.
  init(layout: ChartLayout, measures: PanelMeasures) throws {
    self.layout = layout
    self.measures = measures
    yTicks = measures.yTicks
    xTicks = try fittingTicks()
    // Equal axes must have equal ticks.
    if measures.panel.hasEqualAxes { yTicks = xTicks }
  }

  func draw(into scene: inout Scene) throws {
    drawTitles(into: &scene)
    if !measures.panel.isDiagram { drawGrid(into: &scene) }
    drawMarks(into: &scene)
    if !measures.panel.isDiagram { try drawAxes(into: &scene) }
    for layer in measures.panel.layers {
      scene.items += MarkDrawing(layer: layer, panel: self).unclippedShapes().map(Scene.Item.shape)
    }
    if measures.panel.isEmpty, !measures.panel.isDiagram { try drawEmptiness(into: &scene) }
    try drawTexts(into: &scene)
    drawEnds(into: &scene)
  }

  /// Draws a note that the panel has no data, so that it isn't taken for a panel of zeros.
  private func drawEmptiness(into scene: inout Scene) throws {
    let text = try layout.shape(Phrase(.nothing), size: Typography.subtitle)
    let origin = Point(x: (frame.left + frame.right - text.width) / 2, y: (frame.top + frame.bottom - text.height) / 2)
    scene.items.append(.text(PlacedText(text: text, origin: origin, color: .color(.muted))))
  }

  /// Draws marks clipped at the frame. Consecutive marks of the same kind are drawn together.
  private func drawMarks(into scene: inout Scene) {
    var clipped: (frame: Rectangle, items: [Scene.Item]) = (frame, [])
    for layer in measures.panel.layers {
      let drawing = MarkDrawing(layer: layer, panel: self)
      let shapes = drawing.shapes().map(Scene.Item.shape)
      guard !shapes.isEmpty else { continue }
      if drawing.clip != clipped.frame, !clipped.items.isEmpty {
        scene.items.append(.clip(clipped.frame, clipped.items))
        clipped.items = []
      }
      clipped = (drawing.clip, clipped.items + shapes)
    }
    if !clipped.items.isEmpty { scene.items.append(.clip(clipped.frame, clipped.items)) }
  }

  func x(_ value: Double) -> Double {
    let axis = measures.x
    guard measures.panel.isDiagram else { return frame.left + axis.position(value) * frame.width }
    return (frame.left + frame.right) / 2 + (axis.position(value) - 0.5) * (axis.high - axis.low) * diagramScale
  }

  func y(_ value: Double) -> Double {
    let axis = measures.y
    guard measures.panel.isDiagram else { return frame.bottom - axis.position(value) * frame.height }
    return (frame.top + frame.bottom) / 2 - (axis.position(value) - 0.5) * (axis.high - axis.low) * diagramScale
  }

  /// The scale of a diagram relative to its own size; 1 for all other panels.
  var diagramScale: Double {
    guard measures.panel.isDiagram else { return 1 }
    return min(
      1, frame.width / (measures.x.high - measures.x.low), frame.height / (measures.y.high - measures.y.low))
  }

  /// As many x ticks as fit side by side without touching.
  private func fittingTicks() throws -> [ResolvedAxis.Tick] {
    if case .category = measures.x.axis.scale { return measures.x.ticks(count: measures.x.axis.ticks?.count ?? 0) }
    let usual = measures.panel.hasEqualAxes ? measures.tickCount : max(3, Int(clamping: frame.width / 70))
    let most = measures.x.axis.ticks?.count ?? usual
    var ticks: [ResolvedAxis.Tick] = []
    for count in stride(from: max(2, most), through: 2, by: -1) {
      ticks = measures.x.ticks(count: count)
      let texts = try ticks.map { (position: x($0.value), text: try text(of: $0)) }
      let isFree = zip(texts, texts.dropFirst()).allSatisfy { first, second in
        abs(second.position - first.position) >= (first.text.width + second.text.width) / 2 + 10
      }
      if isFree { break }
    }
    return ticks
  }

  private func text(of tick: ResolvedAxis.Tick) throws -> ShapedText {
    guard case .category(let names) = measures.x.axis.scale else {
      return try layout.shape(tick.label, size: Typography.tick, isCentered: true)
    }
    let band = frame.width / Double(max(1, names.count)) - 6
    return try layout.shape(tick.label, size: Typography.tick, width: band, isCentered: true)
  }

  private func drawTitles(into scene: inout Scene) {
    func add(_ text: ShapedText, top: Double, color: Color) {
      let origin = Point(x: measures.outerLeft, y: top)
      scene.items.append(.text(PlacedText(text: text, origin: origin, color: .color(color))))
    }
    if let text = measures.title { add(text, top: measures.outerTop, color: .ink) }
    if let text = measures.yTitle { add(text, top: frame.top - PanelMeasures.titleGap - text.height, color: .muted) }
    if let text = measures.xTitle {
      let origin = Point(x: (frame.left + frame.right - text.width) / 2, y: frame.bottom + measures.below - text.height)
      scene.items.append(.text(PlacedText(text: text, origin: origin, color: .color(.muted))))
    }
  }

  private func drawGrid(into scene: inout Scene) {
    var lines: [[Point]] = []
    if measures.panel.y.showsGrid {
      for tick in yTicks {
        let height = y(tick.value).rounded()
        lines.append([Point(x: frame.left, y: height), Point(x: frame.right, y: height)])
      }
    }
    if measures.panel.x.showsGrid {
      for tick in xTicks {
        let place = x(tick.value).rounded()
        lines.append([Point(x: place, y: frame.top), Point(x: place, y: frame.bottom)])
      }
    }
    if !lines.isEmpty {
      scene.items.append(.shape(Shape(geometry: .lines(lines), stroke: .color(.grid), strokeWidth: 1)))
    }
  }

  private func drawAxes(into scene: inout Scene) throws {
    var lines: [[Point]] = []
    let hasCategories = if case .category = measures.y.axis.scale { true } else { false }
    let hasCategoriesBelow = if case .category = measures.x.axis.scale { true } else { false }
    if hasCategories, measures.panel.y.showsLine {
      let zero = measures.x.low <= 0 && measures.x.high >= 0 && !hasCategoriesBelow ? x(0).rounded() : frame.left
      lines.append([Point(x: zero, y: frame.top), Point(x: zero, y: frame.bottom)])
    }
    if !hasCategories, measures.panel.x.showsLine {
      let isInside = measures.y.axis.scale == .linear && measures.y.low < 0 && measures.y.high > 0
      let base = isInside ? y(0).rounded() : frame.bottom
      lines.append([Point(x: frame.left, y: base), Point(x: frame.right, y: base)])
      if measures.showsX, !measures.panel.x.showsGrid, !hasCategoriesBelow, !isInside {
        lines += xTicks.map { tick in
          let place = x(tick.value).rounded()
          return [Point(x: place, y: frame.bottom), Point(x: place, y: frame.bottom + 4)]
        }
      }
    }
    if !lines.isEmpty {
      scene.items.append(
        .shape(Shape(geometry: .lines(lines), stroke: .color(.muted), strokeWidth: 1, opacity: 0.8)))
    }
    if measures.showsX {
      for tick in xTicks {
        let text = try text(of: tick)
        let origin = Point(
          x: x(tick.value) - text.frameWidth / 2, y: frame.bottom + Typography.tickGap + Typography.tick - text.baseline
        )
        scene.items.append(.text(PlacedText(text: text, origin: origin, color: .color(.muted))))
      }
    }
    guard measures.showsY else { return }
    for tick in yTicks {
      let text = try layout.shape(tick.label, size: Typography.tick, width: measures.yTickWidth)
      let origin = Point(x: frame.left - Typography.tickGap - text.width, y: text.top(centeredOn: y(tick.value)))
      let color: ColorRole = .color(hasCategories ? .ink : .muted)
      scene.items.append(.text(PlacedText(text: text, origin: origin, color: color)))
    }
  }
}
