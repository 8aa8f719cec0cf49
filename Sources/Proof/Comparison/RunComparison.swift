import Foundation
import Plot
import Report

/// The differences between two runs or reports.
package struct RunComparison: Sendable {
  /// A parameter with different values; nil where the parameter doesn't exist.
  package struct ParameterChange: Codable, Sendable {
    package var name: String
    package var old: String?
    package var new: String?
  }

  /// A chart that both sides have.
  package struct Figure: Sendable {
    package var name: String
    package var chart: Chart
  }

  package var old: ComparedRun
  package var new: ComparedRun
  package var metrics: [MetricChange]
  /// The changed parameters.
  package var parameters: [ParameterChange]
  package var figures: [Figure]

  package init(_ old: ComparedRun, _ new: ComparedRun) {
    self.old = old
    self.new = new
    metrics = MetricChange.changes(from: old.metrics, to: new.metrics)
    let names = new.parameters.map(\.name)
    parameters = (names + old.parameters.map(\.name).filter { !names.contains($0) }).compactMap { name in
      let change = ParameterChange(
        name: name, old: old.parameters.first { $0.name == name }?.value,
        new: new.parameters.first { $0.name == name }?.value)
      return change.old == change.new ? nil : change
    }
    let labels = Self.labels(old, new)
    figures = Self.pairs(old.figures, new.figures).map { old, new in
      Figure(
        name: new.number == 1 ? new.cell : "\(new.cell)-\(new.number)",
        chart: new.chart.over(old.chart, labels: labels))
    }
  }

  /// The labels of the two sides in a chart.
  package static func labels(_ old: ComparedRun, _ new: ComparedRun) -> (old: String, new: String) {
    if old.notebook != new.notebook { return (old.notebook, new.notebook) }
    let words = reportWords(for: new.language).proof
    return (words.before, words.now)
  }

  /// Pairs of charts: those of the same cell, or else the first chart with the same axes.
  private static func pairs(
    _ old: [ComparedRun.Figure], _ new: [ComparedRun.Figure]
  ) -> [(old: ComparedRun.Figure, new: ComparedRun.Figure)] {
    func axes(_ figure: ComparedRun.Figure) -> [Phrase?] { figure.chart.panels.flatMap { [$0.x.title, $0.y.title] } }
    var left = old
    var partners = new.map { figure -> ComparedRun.Figure? in
      let index = left.firstIndex {
        $0.cell == figure.cell && $0.number == figure.number && axes($0) == axes(figure)
      }
      return index.map { left.remove(at: $0) }
    }
    for (position, figure) in new.enumerated() where partners[position] == nil {
      guard axes(figure).contains(where: { $0 != nil }),
        let index = left.firstIndex(where: { axes($0) == axes(figure) })
      else { continue }
      partners[position] = left.remove(at: index)
    }
    return zip(partners, new).compactMap { old, new in old.map { ($0, new) } }
  }
}

extension Chart {
  /// This chart's lines drawn over an older chart's, which are faint.
  fileprivate func over(_ old: Chart, labels: (old: String, new: String)) -> Chart {
    var chart = self
    for (index, panel) in old.panels.enumerated() where chart.panels.indices.contains(index) {
      let ghosts = panel.layers.map { layer in
        var ghost = layer
        ghost.label = nil
        ghost.style.opacity *= 0.45
        ghost.style.width = 1.25
        return ghost
      }
      chart.panels[index].layers = ghosts + chart.panels[index].layers
    }
    chart.legend =
      legend.filter { $0.symbol == .line } + [
        LegendEntry(.words(labels.new), style: Style(color: .ink, width: 2)),
        LegendEntry(.words(labels.old), style: Style(color: .ink, opacity: 0.45, width: 1.25)),
      ]
    return chart
  }
}
