/// The colour bar, which explains the colours of amounts: a bar with its title before it and ticks below.
struct ColorBar {
  static let barHeight = 9.0

  let levels: AmountLevels
  let layout: ChartLayout

  /// Adds the bar below `top`, and returns its height.
  func draw(into scene: inout Scene, top: Double, width: Double) throws -> Double {
    let axis = levels.axis
    var left = Typography.margin
    var height = Self.barHeight + 3
    if let title = axis.title(in: layout.language) {
      let text = try layout.shaper.shape(title, size: Typography.label, width: width * 0.5)
      scene.items.append(
        .text(PlacedText(text: text, origin: Point(x: left, y: top - 3), color: .color(.ink))))
      left += text.width + 14
      height = max(height, text.height - 3)
    }
    let barWidth = min(220, max(60, Typography.margin + width - left - 30))
    let count = Theme.amountCount
    for level in 0..<count {
      let rectangle = Rectangle(
        left: left + barWidth * Double(level) / Double(count), top: top,
        right: left + barWidth * Double(level + 1) / Double(count), bottom: top + Self.barHeight)
      scene.items.append(
        .shape(Shape(geometry: .rectangles([rectangle], cornerRadius: 0), fill: .amount(level), isCrisp: true)))
    }
    for (position, text) in try fittingTicks(left: left, width: barWidth) {
      let place = position.rounded()
      scene.items.append(
        .shape(
          Shape(
            geometry: .lines([
              [Point(x: place, y: top + Self.barHeight), Point(x: place, y: top + Self.barHeight + 3)]
            ]), stroke: .color(.muted), strokeWidth: 1)))
      let origin = Point(x: position - text.width / 2, y: top + Self.barHeight + 3)
      scene.items.append(.text(PlacedText(text: text, origin: origin, color: .color(.muted))))
      height = max(height, Self.barHeight + 3 + text.height)
    }
    return height + 2
  }

  private func fittingTicks(left: Double, width: Double) throws -> [(position: Double, text: ShapedText)] {
    var texts: [(position: Double, text: ShapedText)] = []
    for count in stride(from: 5, through: 2, by: -1) {
      texts = try levels.axis.ticks(count: count).map { tick in
        (left + width * levels.axis.position(tick.value), try layout.shape(tick.label, size: Typography.tick))
      }
      let isFree = zip(texts, texts.dropFirst()).allSatisfy { first, second in
        abs(second.position - first.position) >= (first.text.width + second.text.width) / 2 + 8
      }
      if isFree { break }
    }
    return texts
  }
}
