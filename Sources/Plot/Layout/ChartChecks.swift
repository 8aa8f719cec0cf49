extension Chart {
  /// Requires that all channels of a mark have the same number of values.
  func checkChannels() throws {
    for (panelNumber, panel) in panels.enumerated() {
      for (layerNumber, layer) in panel.layers.enumerated() {
        let counts = layer.counts
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

extension Layer {
  /// The channels with their lengths.
  fileprivate var counts: [(name: String, count: Int)] {
    mark.counts + (amounts.map { [("amounts", $0.count)] } ?? [])
  }
}

extension Mark {
  fileprivate var counts: [(name: String, count: Int)] {
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
