/// Data that a chart was given but can't show.
package enum ChartOmission: Hashable, Sendable {
  /// There is nothing to draw. `hasMissing` is true if there were values that are all missing or infinite.
  case everything(hasMissing: Bool)
  /// Values that a logarithmic axis can't show.
  case unplaced(Int, of: Int)
  /// Values that are missing or infinite.
  case missing(Int)

  /// A few words for a warning, which follow the chart's name.
  package var warning: String {
    switch self {
    case .everything(let hasMissing): hasMissing ? "has only missing values" : "has no values to draw"
    case .unplaced(let count, let all):
      "leaves out \(count) of \(all) values: a logarithmic axis has no place for 0 and less"
    case .missing(let count):
      "leaves out \(count) \(count == 1 ? "value that is" : "values that are") missing (NaN) or infinite"
    }
  }

  /// The note in the chart. In an empty chart, the panels show it instead.
  package var note: Phrase? {
    switch self {
    case .everything: nil
    case .unplaced(let count, let all):
      Phrase(.unplacedValues, .number(Double(count), .integer), .number(Double(all), .integer))
    case .missing(let count): Phrase(.missingValues, .number(Double(count), .integer))
    }
  }
}

extension Chart {
  /// The kinds of data that the chart leaves out.
  package var omissions: [ChartOmission] {
    let counts = panels.reduce(into: PositionCounts()) { $0.add($1) }
    let missing = leftOut ?? 0
    if counts.shown == 0, counts.unplaced == 0 {
      guard panels.allSatisfy(\.isEmpty) else { return [] }
      return [.everything(hasMissing: counts.missing + missing > 0)]
    }
    let unplaced: [ChartOmission] =
      counts.unplaced > 0 ? [.unplaced(counts.unplaced, of: counts.shown + counts.unplaced)] : []
    return unplaced + (missing > 0 ? [.missing(missing)] : [])
  }
}

extension Panel {
  /// Whether only lines across the whole panel could be drawn.
  var isEmpty: Bool {
    var counts = PositionCounts()
    counts.add(self)
    guard counts.shown == 0 else { return false }
    let hasOnlyRules = !layers.isEmpty && layers.allSatisfy { if case .rule = $0.mark { true } else { false } }
    let hasTexts = layers.contains { if case .text(let x, _, _) = $0.mark { x.extent != nil } else { false } }
    return !hasOnlyRules && !hasTexts
  }
}

/// The numbers of positions of marks that can and can't be drawn.
private struct PositionCounts {
  var shown = 0
  var missing = 0
  /// The number of positions at 0 or below on a logarithmic axis.
  var unplaced = 0

  mutating func add(_ panel: Panel) {
    for (x, y) in panel.layers.flatMap(\.mark.positions) {
      if !x.isFinite || !y.isFinite {
        missing += 1
      } else if panel.x.scale == .logarithmic && x <= 0 || panel.y.scale == .logarithmic && y <= 0 {
        unplaced += 1
      } else {
        shown += 1
      }
    }
  }
}

extension Mark {
  /// The positions of the mark's values. A bar's position is its end; lines across the panel and texts have none.
  fileprivate var positions: [(x: Double, y: Double)] {
    switch self {
    case .line(let x, let y), .point(let x, let y): Array(zip(x, y)).map { ($0, $1) }
    case .area(let x, _, let high): Array(zip(x, high)).map { ($0, $1) }
    case .rectangle(_, let right, _, let top): Array(zip(right, top)).map { ($0, $1) }
    case .rule, .text: []
    }
  }
}
