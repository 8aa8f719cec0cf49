/// Draws one panel whose place is settled: grid, marks, axes, names.
struct PanelDrawing {
  let layout: ChartLayout
  let measures: PanelMeasures

  var frame: Rectangle { measures.frame }

  func draw(into scene: inout Scene) throws {
    let xTicks = try fittingTicks()
    drawTitles(into: &scene)
    drawGrid(xTicks: xTicks, into: &scene)
    drawMarks(into: &scene)
    drawAxes(xTicks: xTicks, into: &scene)
    for layer in measures.panel.layers {
      scene.items += MarkDrawing(layer: layer, panel: self).unclippedShapes().map(Scene.Item.shape)
    }
    try drawTexts(into: &scene)
    drawEnds(into: &scene)
  }

  /// Marks cut off at the frame, neighbours of one kind together.
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
    frame.left + measures.x.position(value) * frame.width
  }

  func y(_ value: Double) -> Double {
    frame.bottom - measures.y.position(value) * frame.height
  }

  /// As many x ticks as stand side by side without touching.
  private func fittingTicks() throws -> [(position: Double, text: ShapedText)] {
    guard measures.showsX else { return [] }
    let isCategory = if case .category = measures.x.axis.scale { true } else { false }
    var texts: [(position: Double, text: ShapedText)] = []
    let most = measures.panel.hasEqualAxes ? measures.yTicks.count : max(3, Int(frame.width / 70))
    for count in stride(from: max(2, most), through: 2, by: -1) {
      let ticks =
        count == most && measures.panel.hasEqualAxes && measures.showsY
        ? measures.yTicks.map { ResolvedAxis.Tick(value: $0.value, label: .words($0.text.text)) }
        : measures.x.ticks(count: count)
      let band = isCategory ? frame.width / Double(max(1, ticks.count)) - 6 : nil
      texts = try ticks.map { (x($0.value), try layout.shape($0.label, size: Typography.tick, width: band)) }
      let isFree = zip(texts, texts.dropFirst()).allSatisfy { first, second in
        abs(second.position - first.position) >= (first.text.width + second.text.width) / 2 + 10
      }
      if isFree || isCategory { break }
    }
    return texts
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

  private func drawGrid(xTicks: [(position: Double, text: ShapedText)], into scene: inout Scene) {
    var lines: [[Point]] = []
    if measures.panel.y.showsGrid {
      for tick in measures.yTicks {
        let height = y(tick.value).rounded()
        lines.append([Point(x: frame.left, y: height), Point(x: frame.right, y: height)])
      }
    }
    if measures.panel.x.showsGrid {
      for tick in xTicks {
        let place = tick.position.rounded()
        lines.append([Point(x: place, y: frame.top), Point(x: place, y: frame.bottom)])
      }
    }
    if !lines.isEmpty {
      scene.items.append(.shape(Shape(geometry: .lines(lines), stroke: .color(.grid), strokeWidth: 1)))
    }
  }

  private func drawAxes(xTicks: [(position: Double, text: ShapedText)], into scene: inout Scene) {
    var lines: [[Point]] = []
    let hasCategories = if case .category = measures.y.axis.scale { true } else { false }
    if hasCategories {
      let zero = measures.x.low <= 0 && measures.x.high >= 0 ? x(0).rounded() : frame.left
      lines.append([Point(x: zero, y: frame.top), Point(x: zero, y: frame.bottom)])
    } else {
      let isInside = measures.y.axis.scale == .linear && measures.y.low < 0 && measures.y.high > 0
      let base = isInside ? y(0).rounded() : frame.bottom
      lines.append([Point(x: frame.left, y: base), Point(x: frame.right, y: base)])
      if !measures.panel.x.showsGrid {
        lines += xTicks.map { tick in
          [Point(x: tick.position.rounded(), y: frame.bottom), Point(x: tick.position.rounded(), y: frame.bottom + 4)]
        }
      }
    }
    scene.items.append(
      .shape(Shape(geometry: .lines(lines), stroke: .color(.muted), strokeWidth: 1, opacity: 0.8)))
    for tick in xTicks {
      let origin = Point(
        x: tick.position - tick.text.width / 2,
        y: frame.bottom + Typography.tickGap + Typography.tick - tick.text.baseline)
      scene.items.append(.text(PlacedText(text: tick.text, origin: origin, color: .color(.muted))))
    }
    guard measures.showsY else { return }
    for tick in measures.yTicks {
      let origin = Point(
        x: frame.left - Typography.tickGap - tick.text.width, y: tick.text.top(centeredOn: y(tick.value)))
      let color: ColorRole = .color(hasCategories ? .ink : .muted)
      scene.items.append(.text(PlacedText(text: tick.text, origin: origin, color: color)))
    }
  }

  /// Text marks, those that avoid overlap moved up or down.
  private func drawTexts(into scene: inout Scene) throws {
    var placed: [PlacedText] = []
    var movable: [Int] = []
    for layer in measures.panel.layers {
      guard case .text(let xs, let ys, let labels) = layer.mark else { continue }
      for (position, label) in labels.enumerated() {
        let point = Point(x: x(xs[position]), y: y(ys[position]))
        guard point.x.isFinite, point.y.isFinite, frame.expanded(by: 0.5).contains(point) else { continue }
        let text = try layout.shape(label, size: Typography.label, isBold: layer.style.isBold)
        let shift: Double =
          switch layer.style.anchor {
          case .start: 0
          case .middle: text.width / 2
          case .end: text.width
          }
        let widest = max(0, layout.chart.size.width - text.width - 2)
        let origin = Point(
          x: min(max(2, point.x - shift + layer.style.shiftRight), widest),
          y: min(max(frame.top - 2, text.top(centeredOn: point.y) - layer.style.shiftUp), frame.bottom - text.height))
        if layer.style.avoidsOverlap { movable.append(placed.count) }
        placed.append(PlacedText(text: text, origin: origin, color: .forText(layer.style.color), hasHalo: true))
      }
    }
    for column in Dictionary(grouping: movable, by: { placed[$0].origin.x }).sorted(by: { $0.key < $1.key }) {
      let texts = column.value.map { placed[$0] }
      let centers = LabelPlacement.spread(
        centers: texts.map { $0.origin.y + $0.text.height / 2 }, heights: texts.map { $0.text.height - 2 },
        within: frame.top...frame.bottom)
      for (index, center) in zip(column.value, centers) {
        placed[index].origin.y = center - placed[index].text.height / 2
      }
    }
    scene.items += placed.map(Scene.Item.text)
  }

  /// Names beside the ends of lines; a name that had to move is joined to its line.
  private func drawEnds(into scene: inout Scene) {
    guard !measures.ends.isEmpty else { return }
    var anchors: [Point] = []
    for end in measures.ends {
      let point = measures.panel.layers[end.layer].mark.lastPoint ?? Point(x: measures.x.high, y: measures.y.low)
      anchors.append(visibleEnd(of: measures.panel.layers[end.layer].mark) ?? Point(x: x(point.x), y: y(point.y)))
    }
    let clamped = anchors.map { min(max($0.y.isFinite ? $0.y : frame.bottom, frame.top), frame.bottom) }
    let centers = LabelPlacement.spread(
      centers: clamped, heights: measures.ends.map { $0.text.height - 1 },
      within: (frame.top - 8)...(frame.bottom + 8))
    for (position, end) in measures.ends.enumerated() {
      let style = measures.panel.layers[end.layer].style
      let left = frame.right + Typography.endGap + 6
      let start = min(anchors[position].x, frame.right) + 2
      let corner = Point(x: frame.right + 3, y: clamped[position])
      func join(_ points: [Point], dash: Style.Dash) {
        scene.items.append(
          .shape(
            Shape(
              geometry: .lines([points]), stroke: .color(style.color), strokeWidth: 0.9, dash: dash, opacity: 0.75)))
      }
      let isFar = frame.right - start > 12
      if isFar { join([Point(x: start + 2, y: corner.y), corner], dash: .dotted) }
      if isFar || abs(centers[position] - clamped[position]) > 3 {
        join([corner, Point(x: left - 3, y: centers[position])], dash: .solid)
      }
      let origin = Point(x: left, y: end.text.top(centeredOn: centers[position]))
      scene.items.append(.text(PlacedText(text: end.text, origin: origin, color: .forText(style.color), hasHalo: true)))
    }
  }

  /// Where a line leaves the frame on the right or ends inside it.
  private func visibleEnd(of mark: Mark) -> Point? {
    guard case .line(let xs, let ys) = mark else { return nil }
    var last: Point?
    for position in xs.indices {
      let point = Point(x: x(xs[position]), y: y(ys[position]))
      guard point.x.isFinite, point.y.isFinite else { continue }
      if point.x > frame.right + 0.5 {
        guard let before = last else { return nil }
        let share = (frame.right - before.x) / (point.x - before.x)
        return Point(x: frame.right, y: before.y + share * (point.y - before.y))
      }
      last = point
    }
    return last
  }
}
