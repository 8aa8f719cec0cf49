extension Chart {
  /// The chart for a narrower page, such as a phone's: panels below each other, equal axes as long as the width
  /// allows, lists of names at their own height, and everything else lower in proportion. Texts keep their size.
  ///
  /// - Parameter width: The width in logical units.
  /// - Returns: The chart itself if it is not wider; nil for a diagram, which is better scrolled than shrunk together
  ///   with its texts.
  public func narrowed(to width: Double) -> Chart? {
    guard size.width > width else { return self }
    guard !panels.contains(where: \.isDiagram) else { return nil }
    let count = Double(max(1, panels.count))
    let columns = Double(max(1, min(self.columns, panels.count)))
    let rows = (count / columns).rounded(.up)
    var narrow = self
    narrow.columns = 1
    narrow.size.width = width
    if panels.contains(where: \.hasEqualAxes) {
      // The room beside and between the frames, and the rest of the height for the frames.
      let side = (size.width - 72 - 30 * (columns - 1)) / columns
      let rest = max(60, size.height - side * rows)
      narrow.size.height = count * max(80, width - 82) + rest + 30 * (count - rows)
    } else if panels.contains(where: { if case .category = $0.y.scale { true } else { false } }) {
      narrow.size.height = size.height / rows * count
    } else {
      let height = min(size.height / rows, width * (columns == 1 ? 0.8 : 0.7))
      narrow.size.height = max(240, height * count)
    }
    return narrow
  }
}
