import Foundation
internal import Numerics

/// An axis with its range.
struct ResolvedAxis: Hashable, Sendable {
  struct Tick: Hashable, Sendable {
    var value: Double
    var label: Phrase
  }

  var axis: Axis
  var low: Double
  var high: Double
  /// The least value, from which weeks are counted.
  private var start: Double?

  /// - Parameters:
  ///   - data: The least and greatest values to show.
  ///   - leastPositive: The least value above 0, down to which a logarithmic axis reaches if the data have others too.
  ///   - count: The wanted number of ticks, for an extent that ends at ticks.
  init(_ axis: Axis, data: ClosedRange<Double>?, leastPositive: Double? = nil, count: Int) {
    self.axis = axis
    start = data?.lowerBound
    if case .category(let names) = axis.scale {
      (low, high) = (-0.5, Double(max(1, names.count)) - 0.5)
      return
    }
    var least = leastPositive
    if case .fixed(let from, let to) = axis.extent, from.isFinite, to.isFinite {
      (low, high) = (min(from, to), max(from, to))
      least = nil
    } else {
      (low, high) = (data?.lowerBound ?? 0, data?.upperBound ?? 1)
      if axis.includesZero, axis.scale == .linear { (low, high) = (min(low, 0), max(high, 0)) }
    }
    switch axis.scale {
    case .linear: widenLinear(count: count)
    case .logarithmic: widenLogarithmic(least: least)
    case .time: widenTime()
    case .category: break
    }
  }

  /// - Parameter least: The least positive value, which an axis of three decades might hide.
  private mutating func widenLogarithmic(least: Double?) {
    // The quotient of the ends must not overflow.
    if low <= 0 { low = high > 0 ? min(high / 1000, max(least ?? high, high * 1e-200)) : 0.1 }
    if high <= low { (low, high) = (low / 2, max(low, high) * 2) }
    switch axis.extent {
    case .padded, .nice:
      let margin = CorrectlyRounded.pow(high / low, 0.04)
      (low, high) = (low / margin, high * margin)
    case .tight, .fixed: break
    }
  }

  private mutating func widenLinear(count: Int) {
    if high <= low {
      let margin = low == 0 ? 1 : max(abs(low) * 0.1, axis.isWhole ? 1 : 0)
      (low, high) = (axis.includesZero && low > 0 ? 0 : low - margin, axis.includesZero && low < 0 ? 0 : high + margin)
    }
    switch axis.extent {
    case .padded:
      let margin = (high - low) * 0.04
      (low, high) = (low - margin, high + margin)
    case .nice:
      let ticks = LinearTicks(from: low, to: high, count: count, coverage: .around, isWhole: axis.isWhole).values
      if let first = ticks.first, let last = ticks.last { (low, high) = (min(low, first), max(high, last)) }
    case .tight, .fixed: break
    }
  }

  private mutating func widenTime() {
    if high <= low { (low, high) = (low - 43200, high + 43200) }
    guard axis.extent == .padded || axis.extent == .nice else { return }
    let margin = (high - low) * 0.04
    (low, high) = (low - margin, high + margin)
  }

  func ticks(count: Int) -> [Tick] {
    if let values = axis.ticks { return ticks(at: values, count: count) }
    switch axis.scale {
    case .category(let names):
      return names.enumerated().map { Tick(value: Double($0), label: $1) }
    case .linear:
      let ticks = LinearTicks(from: low, to: high, count: count, coverage: .inside, isWhole: axis.isWhole)
      let labels = TickLabels.linear(ticks.values, step: ticks.step, format: axis.format)
      return zip(ticks.values, labels).map { Tick(value: $0, label: $1) }
    case .time:
      let ticks = TimeTicks(from: low, to: high, count: count, weeksFrom: start)
      return zip(ticks.values, ticks.labels).map { Tick(value: $0, label: $1) }
    case .logarithmic:
      let ticks = LogarithmicTicks(from: low, to: high, count: count)
      let labels = TickLabels.logarithmic(ticks.values, format: axis.format)
      return zip(ticks.values, labels).map { Tick(value: $0, label: $1) }
    }
  }

  private func ticks(at values: [Double], count: Int) -> [Tick] {
    let visible = values.filter { (0...1).contains(position($0)) }.sorted()
    let every = max(1, (visible.count + max(1, count) - 1) / max(1, count))
    let kept = visible.enumerated().filter { $0.offset.isMultiple(of: every) }.map(\.element)
    let labels: [Phrase]
    switch axis.scale {
    case .category(let names):
      if names.isEmpty { return [] }
      labels = kept.map { names[max(0, min(names.count - 1, Int($0)))] }
    case .time: labels = TimeTicks(days: kept).labels
    case .logarithmic: labels = TickLabels.logarithmic(kept, format: axis.format)
    case .linear:
      let step = zip(kept, kept.dropFirst()).map { $1 - $0 }.filter { $0 > 0 }.min() ?? 0
      labels = TickLabels.linear(kept, step: step, format: axis.format)
    }
    return zip(kept, labels).map { Tick(value: $0, label: $1) }
  }

  /// The position of a value: 0 at the axis' start, 1 at its end; NaN for a value without a position.
  func position(_ value: Double) -> Double {
    let share =
      axis.scale == .logarithmic
      ? CorrectlyRounded.log(value > 0 ? value / low : .nan) / CorrectlyRounded.log(high / low)
      : (value - low) / (high - low)
    return axis.isReversed ? 1 - share : share
  }

  /// The title with the unit and the kind of scale: "loss (ms, log scale)".
  func title(in language: Language) -> String? {
    let notes = [axis.unit, axis.scale == .logarithmic ? language.text(of: .logarithmicScale) : nil].compactMap { $0 }
    guard let title = axis.title?.text(in: language) else { return notes.isEmpty ? nil : notes.joined(separator: ", ") }
    guard !notes.isEmpty else { return title }
    return language == .chinese
      ? "\(title)（\(notes.joined(separator: "，"))）" : "\(title) (\(notes.joined(separator: ", ")))"
  }
}
