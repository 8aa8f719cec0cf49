extension Chart {
  /// Charts of the same kind side by side with shared axes: the first panel of each, with its chart's title above it.
  ///
  /// ```swift
  /// Chart.facets(devices.map { Chart.histogram($0.latencies, title: $0.name) }, title: "Latency by device")
  /// ```
  /// - Parameters:
  ///   - columns: The number of panels in a row; nil for up to three.
  ///   - sharesY: Whether all panels also span the same y values.
  public static func facets(
    _ charts: [Chart], title: Phrase? = nil, columns: Int? = nil, sharesX: Bool = true, sharesY: Bool = true
  ) -> Chart {
    let panels = charts.compactMap { chart in
      chart.panels.first.map { panel in
        var panel = panel
        panel.title = chart.title ?? panel.title
        return panel
      }
    }
    let columns = max(1, min(columns ?? (panels.count == 4 ? 2 : 3), panels.count))
    let rows = max(1, (panels.count + columns - 1) / columns)
    var legend: [LegendEntry] = []
    for entry in charts.flatMap(\.legend) where !legend.contains(entry) { legend.append(entry) }
    var chart = Chart(
      title: title,
      summary: charts.flatMap { chart in
        let name = chart.title.map { $0 } ?? ""
        return chart.summary.map { summary in
          chart.title == nil ? summary : Phrase(.named, .phrase(name), .phrase(summary))
        }
      },
      size: Size(width: 640, height: 90 + (rows == 1 ? 260 : 200 * Double(rows))), panels: panels, columns: columns,
      sharesX: sharesX, sharesY: sharesY, legend: legend, amount: charts.first?.amount ?? Axis(extent: .tight))
    chart.leave(out: charts.reduce(0) { $0 + ($1.leftOut ?? 0) })
    return chart
  }
}
