/// Draws names beside the ends of lines.
extension PanelDrawing {
  /// Draws names beside the ends of lines. A name that had to move is joined to its line.
  func drawEnds(into scene: inout Scene) {
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

  /// The point where a line leaves the frame on the right, or where it ends inside the frame.
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
