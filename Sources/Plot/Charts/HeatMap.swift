internal import Basics

extension Chart {
  /// A coloured cell for each pair of settings. The values are written in the cells if they all fit, and the best one
  /// is outlined.
  ///
  /// ```swift
  /// Chart.heatMap(
  ///   rows: ["2", "4", "6"], columns: ["32", "64", "128"], values: errors,
  ///   rowAxis: "layers", columnAxis: "hidden units",
  ///   amount: Axis("MAPE", format: .percent(1)), better: .lower)
  /// ```
  /// - Parameters:
  ///   - values: A row of values for each row; NaN for a pair without a value.
  ///   - amount: The title, unit, scale and format of the values.
  ///   - better: Which values are good, if any.
  public static func heatMap(
    rows: [String], columns: [String], values: [[Double]], title: Phrase? = nil, rowAxis: Phrase? = nil,
    columnAxis: Phrase? = nil, amount: Axis = Axis(), better: Table.Column.Direction? = nil
  ) -> Chart {
    let cells = values.enumerated().flatMap { row, values in
      values.enumerated().map { HeatMapCell(row: row, column: $0, value: $1) }
    }.filter { $0.value.isFinite && $0.row < rows.count && $0.column < columns.count }
    let least = cells.min { $0.value < $1.value }
    let greatest = cells.max { $0.value < $1.value }
    func amounts(_ cells: [HeatMapCell]) -> Values { Values(cells.map(\.value)) }
    var layers = [
      Layer(HeatMapCell.rectangles(cells), style: Style(cornerRadius: 2, inset: 0.75), amounts: amounts(cells))
    ]
    if let best = better == .lower ? least : better == .higher ? greatest : nil {
      layers.append(
        Layer(
          // Paper inside the outline keeps it visible on a cell as dark as ink.
          HeatMapCell.rectangles([best]),
          style: Style(color: .paper, opacity: 0, cornerRadius: 2, inset: 0, outlineWidth: 7)))
      layers.append(
        Layer(
          HeatMapCell.rectangles([best]),
          style: Style(color: .ink, opacity: 0, cornerRadius: 2, inset: 0, outlineWidth: 2.5)))
    }
    layers.append(
      Layer(
        .text(
          x: Values(cells.map { Double($0.column) }), y: Values(cells.map { Double($0.row) }),
          labels: cells.map { .number($0.value, amount.format) }), amounts: amounts(cells)))
    let summary = zip([least].compactMap { $0 }, [greatest].compactMap { $0 }).map { least, greatest in
      Phrase.term(
        .heatMapSummary,
        [least, greatest].flatMap {
          [
            .number($0.value, amount.format), .phrase(.words(rows[$0.row])), .phrase(.words(columns[$0.column])),
          ] as [Phrase.Argument]
        })
    }
    let width = 640.0
    let rowHeight = rows.count > 12 ? 22.0 : 34
    // Columns' names are wrapped at the width of their cells. Further lines need more room, or the rows are squeezed.
    let cellWidth = max(20, 0.8 * width / Double(max(1, columns.count)) - 6)
    let lines = columns.map { (6.6 * Double($0.displayColumns) / cellWidth).rounded(.up) }.max() ?? 1
    let height = 150 + rowHeight * Double(max(1, rows.count)) + 15 * min(max(0, lines - 1), 12)
    return Chart(
      title: title, summary: summary, size: Size(width: width, height: height),
      panels: [
        Panel(
          x: Axis(columnAxis, scale: .category(columns.map { .words($0) }), showsLine: false),
          y: Axis(rowAxis, scale: .category(rows.map { .words($0) }), isReversed: true, showsLine: false),
          layers: layers)
      ], amount: amount.with { if $0.extent == .nice { $0.extent = .tight } })
  }
}

/// A value at its row and column.
private struct HeatMapCell {
  var row: Int
  var column: Int
  var value: Double

  static func rectangles(_ cells: [HeatMapCell]) -> Mark {
    func edges(_ position: (HeatMapCell) -> Int, _ side: Double) -> Values {
      Values(cells.map { Double(position($0)) + side })
    }
    return .rectangle(
      left: edges(\.column, -0.5), right: edges(\.column, 0.5), bottom: edges(\.row, -0.5), top: edges(\.row, 0.5))
  }
}
