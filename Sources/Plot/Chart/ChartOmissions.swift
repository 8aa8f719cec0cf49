extension Chart {
  /// Short notes about values that the chart doesn't show, to be written after the chart's name.
  package var omissions: [String] {
    var (shown, missing, unplaced) = (0, 0, 0)
    for panel in panels {
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
    if shown == 0, unplaced == 0 { return [missing > 0 ? "has only missing values" : "has no values to draw"] }
    if unplaced == 0 { return [] }
    return ["leaves out \(unplaced) of \(shown + unplaced) values: a logarithmic axis has no place for 0 and less"]
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
