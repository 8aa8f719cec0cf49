extension Chart {
  /// The structure of the chart as text: axes with their ranges and ticks, layers with their styles and ranges, with
  /// numbers rounded to four digits. Tests can compare charts by it without comparing pictures, and it shows what a
  /// composition made.
  ///
  /// ```
  /// "Loss by epoch" 640×380
  /// panel
  ///   x "epoch" linear 1…300: 50 100 150 200 250 300
  ///   y "loss" log 0.02571…1.542: 0.03 0.1 0.3 1
  ///   line series 0, 300 × (1…300, 0.0325…1.165) "training"
  /// ```
  /// - Parameter tag: The BCP 47 tag of the language of the fixed words.
  public func outline(language tag: String = "en") -> String {
    let language = Language(tag: tag)
    func quoted(_ phrase: Phrase?) -> String { phrase.map { "\"\($0.text(in: language))\"" } ?? "untitled" }
    var lines = ["\(quoted(title)) \(Self.number(size.width))×\(Self.number(size.height))"]
    if let subtitle { lines.append("subtitle \(quoted(subtitle))") }
    lines += legend.map { "legend \($0.symbol.rawValue) \($0.style.outline) \(quoted($0.label))" }
    let axes = PanelMeasures.resolvedAxes(of: self, xCount: 6, yCount: 5)
    for (panel, axes) in zip(panels, axes) {
      lines.append(
        "panel" + (panel.title.map { " \(quoted($0))" } ?? "") + (panel.hasEqualAxes ? " equal axes" : "")
          + (panel.isDiagram ? " diagram" : ""))
      for (name, axis, count) in [("x", axes.x, panel.hasEqualAxes ? 5 : 6), ("y", axes.y, 5)] {
        let title = axis.title(in: language).map { "\"\($0)\" " } ?? ""
        let ticks = axis.ticks(count: count).map { $0.label.text(in: language) }.joined(separator: " ")
        let ends =
          axis.axis.scale == .time
          ? [axis.low, axis.high].map { Phrase.date($0).text(in: language) }.joined(separator: "…")
          : Self.range(axis.low...axis.high)
        let kind =
          switch axis.axis.scale {
          case .linear: "linear"
          case .logarithmic: "log"
          case .time: "time"
          case .category: "category"
          }
        lines.append("  \(name) \(title)\(kind) \(ends): \(ticks)")
      }
      lines += panel.layers.map { layer in
        var line = "  \(layer.mark.outline(in: language)), \(layer.style.outline)"
        if let amounts = layer.amounts { line += ", amounts \(Self.range(amounts.extent))" }
        if let label = layer.label { line += " \(quoted(label)) at \(layer.labelPlace.rawValue)" }
        return line
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  fileprivate static func number(_ value: Double) -> String { NumberFormat.automatic.text(value) }

  fileprivate static func range(_ range: ClosedRange<Double>?) -> String {
    range.map { "\(number($0.lowerBound))…\(number($0.upperBound))" } ?? "nothing"
  }
}

extension Mark {
  fileprivate func outline(in language: Language) -> String {
    func extent(_ direction: Direction) -> String {
      let extents = channels(direction).compactMap(\.extent)
      guard let low = extents.map(\.lowerBound).min(), let high = extents.map(\.upperBound).max() else {
        return "nothing"
      }
      return Chart.range(low...high)
    }
    let place = "(\(extent(.horizontal)), \(extent(.vertical)))"
    switch self {
    case .line(let x, _): return "line \(x.count) × \(place)"
    case .point(let x, _): return "point \(x.count) × \(place)"
    case .area(let x, _, _): return "area \(x.count) × \(place)"
    case .rectangle(let left, _, _, _): return "rectangle \(left.count) × \(place)"
    case .rule(let direction, let positions):
      return "\(direction.rawValue) rule at \(positions.map { Chart.number($0) }.joined(separator: " "))"
    case .text(_, _, let labels):
      return "text \(labels.prefix(6).map { "\"\($0.text(in: language))\"" }.joined(separator: " ")) × \(place)"
    }
  }
}

extension Style {
  fileprivate var outline: String {
    var words =
      switch color {
      case .ink: ["ink"]
      case .muted: ["muted"]
      case .grid: ["grid"]
      case .paper: ["paper"]
      case .series(let index): ["series \(index)"]
      }
    if dash != .solid { words.append(dash.rawValue) }
    if opacity < 1 { words.append("opacity \(Chart.number(opacity))") }
    if isHollow { words.append("hollow") }
    if hasArrow { words.append("arrow") }
    return words.joined(separator: " ")
  }
}
