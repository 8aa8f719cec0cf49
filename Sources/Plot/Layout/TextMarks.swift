/// Draws text marks, and moves those that should not overlap.
extension PanelDrawing {
  private struct Label {
    var text: PlacedText
    /// The position of the point that it names.
    var point: Point
    var style: Style
    /// The radius of that point.
    var radius: Double
  }

  func drawTexts(into scene: inout Scene) throws {
    var labels: [Label] = []
    for layer in measures.panel.layers { labels += try texts(of: layer) }
    spreadColumns(&labels)
    scene.items += spreadAround(&labels).map(Scene.Item.shape)
    scene.items += labels.map { .text($0.text) }
  }

  private func texts(of layer: Layer) throws -> [Label] {
    guard case .text(let xs, let ys, let phrases) = layer.mark else { return [] }
    let style = layer.style
    let size = (style.textSize ?? Typography.label) * diagramScale
    var labels: [Label] = []
    for (position, phrase) in phrases.enumerated() {
      let point = Point(x: x(xs[position]), y: y(ys[position]))
      guard point.x.isFinite, point.y.isFinite, frame.expanded(by: 0.5).contains(point) else { continue }
      let text = try layout.shape(phrase, size: size, isBold: style.isBold, isCentered: style.anchor == .middle)
      let shift: Double =
        switch style.anchor {
        case .start: 0
        case .middle: text.width / 2
        case .end: text.width
        }
      let widest = max(0, layout.chart.size.width - text.width - 2)
      var origin = Point(
        x: point.x - shift + style.shiftRight * diagramScale,
        y: text.top(centeredOn: point.y) - style.shiftUp * diagramScale)
      if !measures.panel.isDiagram {
        origin = Point(
          x: min(max(2, origin.x), widest), y: min(max(frame.top - 2, origin.y), frame.bottom - text.height))
      }
      let color: ColorRole
      if let amounts = layer.amounts {
        guard let level = layout.amountLevels?.level(of: amounts[position]) else { continue }
        color = .onAmount(level)
      } else {
        color = .forText(style.color)
      }
      let placed = PlacedText(
        text: text, origin: origin, color: color, hasHalo: layer.amounts == nil && !measures.panel.isDiagram)
      labels.append(Label(text: placed, point: point, style: style, radius: style.radius))
    }
    // Texts wider than their cells would overlap each other.
    if layer.amounts != nil, case .category(let names) = measures.x.axis.scale {
      let band = frame.width / Double(max(1, names.count))
      if labels.contains(where: { $0.text.text.width > band - 2 }) { return [] }
    }
    return labels
  }

  private func spreadColumns(_ labels: inout [Label]) {
    let movable = labels.indices.filter { labels[$0].style.avoidance == .column }
    let columns = Dictionary(grouping: movable) { labels[$0].text.origin.x }
    for column in columns.sorted(by: { $0.key < $1.key }) {
      let frames = column.value.map { labels[$0].text.frame }
      let centers = LabelPlacement.spread(
        centers: frames.map(\.center.y), heights: frames.map { $0.height - 2 }, within: frame.top...frame.bottom)
      for (index, center) in zip(column.value, centers) {
        labels[index].text.origin.y = center - labels[index].text.text.height / 2
      }
    }
  }

  /// - Returns: Lines from points to texts that are further away.
  private func spreadAround(_ labels: inout [Label]) -> [Shape] {
    let movable = labels.indices.filter { labels[$0].style.avoidance == .around }
    guard !movable.isEmpty else { return [] }
    let fixed = labels.indices.filter { labels[$0].style.avoidance != .around }.map { labels[$0].text.frame }
    let marks = measures.panel.layers.flatMap { layer -> [Point] in
      guard case .point(let xs, let ys) = layer.mark, xs.count <= 2000 else { return [] }
      return xs.indices.map { Point(x: x(xs[$0]), y: y(ys[$0])) }
    }
    let places = LabelPlacement.around(
      movable.map { index in
        LabelPlacement.Item(
          point: labels[index].point, radius: labels[index].radius, width: labels[index].text.text.width,
          height: labels[index].text.text.height)
      }, obstacles: fixed, marks: marks, within: frame.expanded(by: 2))
    var lines: [Shape] = []
    for (index, place) in zip(movable, places) {
      labels[index].text.origin = Point(x: place.frame.left, y: place.frame.top)
      guard let foot = place.foot else { continue }
      lines.append(
        Shape(
          geometry: .lines([[labels[index].point, foot]]), stroke: .color(.muted), strokeWidth: 0.9, opacity: 0.8))
    }
    return lines
  }
}
