/// Assigns frames to the panels of a chart: rows and columns whose frames are aligned.
enum PanelGrid {
  static func place(_ panels: inout [PanelMeasures], in area: Rectangle, chart: Chart) {
    guard !panels.isEmpty else { return }
    let columns = (panels.map(\.column).max() ?? 0) + 1
    let rows = (panels.map(\.row).max() ?? 0) + 1
    func most(_ isIn: (PanelMeasures) -> Bool, _ measure: (PanelMeasures) -> Double) -> Double {
      panels.filter(isIn).map(measure).max() ?? 0
    }
    let before = (0..<columns).map { column in most({ $0.column == column }, \.before) }
    let after = (0..<columns).map { column in most({ $0.column == column }, \.after) }
    let above = (0..<rows).map { row in most({ $0.row == row }, \.above) }
    let below = (0..<rows).map { row in most({ $0.row == row }, \.below) }
    let shares = (0..<rows).map { row in most({ $0.row == row }, { boundedShare($0.panel.heightShare) }) }
    let gutters = Typography.gutter * Double(columns - 1)
    let rowGutter = chart.sharesX && rows > 1 ? 4.0 : 10.0
    let rowGutters = rowGutter * Double(rows - 1)
    var width = max(20, (area.width - before.reduce(0, +) - after.reduce(0, +) - gutters) / Double(columns))
    let heights = max(20 * Double(rows), area.height - above.reduce(0, +) - below.reduce(0, +) - rowGutters)
    let shareSum = shares.reduce(0, +)
    var rowHeights = shares.map { heights * $0 / shareSum }
    if panels.contains(where: \.panel.hasEqualAxes) {
      let side = min(width, rowHeights.min() ?? width)
      width = side
      rowHeights = rowHeights.map { _ in side }
    }
    for position in panels.indices {
      let (row, column) = (panels[position].row, panels[position].column)
      let outerLeft = area.left + (0..<column).reduce(0) { $0 + before[$1] + after[$1] + width + Typography.gutter }
      let left = outerLeft + before[column]
      let top =
        area.top + above[row]
        + (0..<row).reduce(0) { $0 + above[$1] + rowHeights[$1] + below[$1] + rowGutter }
      panels[position].outerLeft = outerLeft
      panels[position].outerTop = top - above[row]
      panels[position].frame = Rectangle(
        left: left.rounded(), top: top.rounded(), right: (left + width).rounded(),
        bottom: (top + rowHeights[row]).rounded())
    }
  }

  /// A share by whose sum with others the height can be divided.
  private static func boundedShare(_ share: Double) -> Double {
    share.isNaN ? 1 : min(max(share, 0.01), 1000)
  }
}
