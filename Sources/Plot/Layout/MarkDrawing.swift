/// Turns the data of one layer into shapes.
struct MarkDrawing {
  let layer: Layer
  let panel: PanelDrawing

  var style: Style { layer.style }
  private var color: ColorRole { .color(style.color) }
  /// The scale of lengths that are not data, such as line widths.
  private var scale: Double { panel.diagramScale }

  /// The clip rectangle. Lines and points may extend beyond the frame by half a line's width, so that a line along
  /// the frame isn't halved.
  var clip: Rectangle {
    switch layer.mark {
    case .line, .point: panel.frame.expanded(by: 1.5)
    case .area, .rectangle, .rule, .text: panel.measures.panel.isDiagram ? panel.frame.expanded(by: 1.5) : panel.frame
    }
  }

  /// The shapes to be clipped at the frame.
  func shapes() -> [Shape] {
    switch layer.mark {
    case .line(let x, let y): return lines(x, y)
    case .area(let x, let low, let high): return area(x, low, high)
    case .rectangle(let left, let right, let bottom, let top): return rectangles(left, right, bottom, top)
    case .rule(let direction, let positions): return [rules(direction, positions)]
    case .point(let x, let y): return style.isHollow ? [] : points(x, y)
    case .text: return []
    }
  }

  /// The shapes that may extend beyond the frame: rings, which would look broken if clipped.
  func unclippedShapes() -> [Shape] {
    guard case .point(let x, let y) = layer.mark, style.isHollow else { return [] }
    return points(x, y)
  }

  /// Groups with one colour each: all items, or those of each level of amounts.
  private func colored<Item>(_ items: [(item: Item, position: Int)]) -> [(color: ColorRole, items: [Item])] {
    guard let amounts = layer.amounts else { return items.isEmpty ? [] : [(color, items.map(\.item))] }
    guard let levels = panel.layout.amountLevels else { return [] }
    return levels.groups(items.map { ($0.item, amounts[$0.position]) }).map { (.amount($0.level), $0.items) }
  }

  private func lines(_ x: Values, _ y: Values) -> [Shape] {
    var runs: [(item: [Point], position: Int)] = []
    var isOpen = false
    for position in x.indices {
      let point = Point(x: panel.x(x[position]), y: bounded(panel.y(y[position])))
      guard point.x.isFinite, point.y.isFinite else {
        isOpen = false
        continue
      }
      if !isOpen { runs.append(([], position)) }
      isOpen = true
      runs[runs.count - 1].item.append(point)
    }
    return colored(runs).flatMap { color, runs -> [Shape] in
      let simplified = runs.map { LineSimplification.simplified($0, tolerance: tolerance) }
      let line = Shape(
        geometry: .lines(style.hasArrow ? simplified.map(arrow.shortened) : simplified), stroke: color,
        strokeWidth: style.width * scale, dash: style.dash, opacity: style.opacity)
      guard style.hasArrow else { return [line] + dots(for: runs, color: color) }
      let heads = simplified.compactMap(arrow.head)
      return [line, Shape(geometry: .polygons(heads), fill: color, opacity: style.opacity)]
    }
  }

  /// Dots for values between gaps, which have no line: the loss of a training of one epoch. A line in the paper's
  /// colour only separates others, so it has none.
  private func dots(for runs: [[Point]], color: ColorRole) -> [Shape] {
    guard style.color != .paper else { return [] }
    let points = runs.filter { $0.count == 1 && clip.contains($0[0]) }.map { $0[0] }
    return PointAggregation.groups(points, opacity: style.opacity).map { group in
      Shape(
        geometry: .circles(group.points, radius: 0.75 * style.width * scale), fill: color, opacity: group.opacity)
    }
  }

  private var arrow: ArrowHead { ArrowHead(length: (3 + 2.2 * style.width) * scale) }

  /// The tolerance of simplification. The fainter a line, the less of its detail is visible.
  private var tolerance: Double {
    style.opacity < 0.2 ? 0.7 : style.opacity < 0.5 ? 0.4 : 0.15
  }

  /// Limits coordinates far outside the frame, because renderers' numbers have limits.
  private func bounded(_ y: Double) -> Double {
    guard y.isFinite else { return y }
    return min(max(y, panel.frame.top - 10_000), panel.frame.bottom + 10_000)
  }

  private func area(_ x: Values, _ low: Values, _ high: Values) -> [Shape] {
    var runs: [(upper: [Point], lower: [Point])] = []
    var isOpen = false
    for position in x.indices {
      let place = panel.x(x[position])
      // A band that reaches down to zero ends at the lower end of a logarithmic axis.
      let lowest = panel.measures.y.axis.scale == .logarithmic ? panel.measures.y.low : low[position]
      let upper = panel.y(high[position])
      let lower = panel.y(low[position] > 0 ? low[position] : lowest)
      guard place.isFinite, upper.isFinite, lower.isFinite else {
        isOpen = false
        continue
      }
      if !isOpen { runs.append(([], [])) }
      isOpen = true
      runs[runs.count - 1].upper.append(Point(x: place, y: bounded(upper)))
      runs[runs.count - 1].lower.append(Point(x: place, y: bounded(lower)))
    }
    let polygons = runs.map { run in
      LineSimplification.simplified(run.upper, tolerance: 0.15)
        + LineSimplification.simplified(run.lower, tolerance: 0.15).reversed()
    }
    return filled(.polygons(polygons), color: color)
  }

  /// The form and, if the style has one, its outline.
  private func filled(_ geometry: Shape.Geometry, color: ColorRole, isCrisp: Bool = false) -> [Shape] {
    let form = Shape(geometry: geometry, fill: color, opacity: style.opacity, isCrisp: isCrisp)
    guard style.outlineWidth > 0 else { return [form] }
    return (style.opacity > 0 ? [form] : [])
      + [Shape(geometry: geometry, stroke: color, strokeWidth: style.outlineWidth * scale)]
  }

  private func rectangles(_ left: Values, _ right: Values, _ bottom: Values, _ top: Values) -> [Shape] {
    let frame = panel.frame
    var rectangles: [(item: Rectangle, position: Int)] = []
    for position in left.indices {
      var x = (panel.x(left[position]), panel.x(right[position]))
      var y = (panel.y(top[position]), panel.y(bottom[position]))
      if panel.measures.y.axis.scale == .logarithmic, !(bottom[position] > 0) { y.1 = frame.bottom }
      if panel.measures.x.axis.scale == .logarithmic, !(left[position] > 0) { x.0 = frame.left }
      guard x.0.isFinite, x.1.isFinite, y.0.isFinite, y.1.isFinite else { continue }
      x = (min(x.0, x.1), max(x.0, x.1))
      y = (min(y.0, y.1), max(y.0, y.1))
      guard x.1 > x.0, y.1 > y.0 else { continue }
      // A gap between neighbours, if they are wide enough.
      let gap = x.1 - x.0 > 8 * style.inset ? style.inset : 0
      let verticalGap = layer.amounts != nil && y.1 - y.0 > 8 * style.inset ? style.inset : 0
      rectangles.append(
        (
          Rectangle(left: x.0 + gap, top: y.0 + verticalGap, right: x.1 - gap, bottom: y.1 - verticalGap),
          position
        ))
    }
    // Adjacent cells must not show seams.
    let isCrisp = layer.amounts != nil && style.inset == 0
    return colored(rectangles).flatMap { color, rectangles in
      filled(
        .rectangles(isCrisp ? Self.joined(rectangles) : rectangles, cornerRadius: style.cornerRadius * scale),
        color: color, isCrisp: isCrisp)
    }
  }

  /// Adjacent rectangles in a row, merged into one.
  private static func joined(_ rectangles: [Rectangle]) -> [Rectangle] {
    var result: [Rectangle] = []
    for rectangle in rectangles {
      if let last = result.last, last.top == rectangle.top, last.bottom == rectangle.bottom,
        abs(last.right - rectangle.left) < 0.05
      {
        result[result.count - 1].right = rectangle.right
      } else {
        result.append(rectangle)
      }
    }
    return result
  }

  private func rules(_ direction: Mark.Direction, _ positions: Values) -> Shape {
    let frame = panel.frame
    let lines = positions.compactMap { value -> [Point]? in
      let place = (direction == .vertical ? panel.x(value) : panel.y(value))
      guard place.isFinite else { return nil }
      return direction == .vertical
        ? [Point(x: place, y: frame.bottom), Point(x: place, y: frame.top)]
        : [Point(x: frame.left, y: place), Point(x: frame.right, y: place)]
    }
    return Shape(
      geometry: .lines(lines), stroke: color, strokeWidth: style.width * scale, dash: style.dash, opacity: style.opacity
    )
  }

  private func points(_ x: Values, _ y: Values) -> [Shape] {
    let visible = panel.frame.expanded(by: 0.5)
    let points = x.indices.lazy.map { (item: Point(x: panel.x(x[$0]), y: panel.y(y[$0])), position: $0) }
      .filter { $0.item.x.isFinite && $0.item.y.isFinite && visible.contains($0.item) }
    return colored(Array(points)).flatMap { color, points in
      PointAggregation.groups(points, opacity: style.opacity).map { group in
        Shape(
          geometry: .circles(group.points, radius: style.radius * scale),
          fill: style.isHollow ? .color(.paper) : color, stroke: style.isHollow ? color : nil,
          strokeWidth: style.isHollow ? style.width * scale : 0, opacity: group.opacity)
      }
    }
  }
}
