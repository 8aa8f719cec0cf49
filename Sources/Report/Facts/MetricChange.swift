import Foundation
import Plot
import Wire

/// The current and the previous value of a figure.
package struct MetricChange: Hashable, Sendable {
  package enum Judgement: String, Sendable {
    case better, worse
    /// Both values are displayed with the same digits.
    case same
    /// There is no previous value, or the figure has no better direction.
    case none
  }

  package var name: String
  package var old: RecordedMetric?
  package var new: RecordedMetric?

  package init(name: String, old: RecordedMetric? = nil, new: RecordedMetric? = nil) {
    self.name = name
    self.old = old
    self.new = new
  }

  package var oldText: String? { old?.text }
  package var newText: String? { new?.text }

  /// The difference: new - old.
  package var difference: Double? {
    guard let old, let new, old.unit == new.unit else { return nil }
    return new.value - old.value
  }

  package var judgement: Judgement {
    guard let old, let new, let difference else { return .none }
    if old.text == new.text { return .same }
    guard let better = new.better, difference.isFinite else { return .none }
    return (difference > 0) == (better == .higher) ? .better : .worse
  }

  /// The difference of the displayed values: `+0.0141`, or `+1.5` percentage points for a share; nil without a
  /// previous value.
  package var differenceText: String? {
    guard let old, let new, let difference, difference.isFinite else { return nil }
    if judgement == .same { return "±0" }
    func signed(_ shown: NumberFormat, scale: Double, decimals: Int) -> String {
      let unit = pow(10, Double(decimals))
      let rounded = ((new.value * scale * unit).rounded() - (old.value * scale * unit).rounded()) / unit
      return (rounded > 0 ? "+" : "") + shown.text(rounded)
    }
    switch new.format {
    case .percent(let decimals): return signed(.decimals(decimals), scale: 100, decimals: decimals)
    case .decimals(let decimals): return signed(new.format, scale: 1, decimals: decimals)
    case .integer: return signed(.integer, scale: 1, decimals: 0)
    case .automatic, .significant, .trimmed, .text:
      return (difference > 0 ? "+" : "") + NumberFormat.significant(3).text(difference)
    }
  }

  /// The relative change, `+1.5%` of the old value; nil for shares, whose difference is in percentage points already.
  package var relativeText: String? {
    guard let old, let new, let difference, judgement != .same, old.value != 0, difference.isFinite else { return nil }
    if case .percent = new.format { return nil }
    let sign = difference > 0 ? "+" : difference < 0 ? "−" : ""
    return sign + NumberFormat.percent(1).text(abs(difference / old.value))
  }

  /// All figures of two runs by name: first the newer run's in its order, then those that only the older run has.
  package static func changes(from old: [RecordedMetric], to new: [RecordedMetric]) -> [MetricChange] {
    let changes = new.map { metric in
      MetricChange(name: metric.name, old: old.first { $0.name == metric.name }, new: metric)
    }
    let gone = old.filter { metric in !new.contains { $0.name == metric.name } }
    return changes + gone.map { MetricChange(name: $0.name, old: $0, new: nil) }
  }
}
