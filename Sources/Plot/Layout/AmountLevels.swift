internal import Basics

/// Maps amounts to levels of the theme's colours for them.
struct AmountLevels {
  let axis: ResolvedAxis

  /// The level of an amount; nil for one that is not on the scale.
  func level(of amount: Double) -> Int? {
    let share = axis.position(amount)
    guard share.isFinite else { return nil }
    return max(0, min(Theme.amountCount - 1, Int(clamping: share * Double(Theme.amountCount))))
  }

  /// Items grouped by the level of their amounts, the least first. Items without a level are left out.
  func groups<Item>(_ items: [(item: Item, amount: Double)]) -> [(level: Int, items: [Item])] {
    var groups = Array(repeating: [Item](), count: Theme.amountCount)
    for (item, amount) in items {
      if let level = level(of: amount) { groups[level].append(item) }
    }
    return groups.enumerated().filter { !$1.isEmpty }.map { ($0, $1) }
  }

  /// The scale of a chart; nil without amounts.
  static func of(_ chart: Chart) -> AmountLevels? {
    let amounts = chart.panels.flatMap(\.layers).filter(\.hasColorsOfAmounts).compactMap(\.amounts)
    let extents = amounts.compactMap(\.extent)
    guard let low = extents.map(\.lowerBound).min(), let high = extents.map(\.upperBound).max() else { return nil }
    let least = chart.amount.scale == .logarithmic ? amounts.compactMap(\.leastPositive).min() : nil
    return AmountLevels(axis: ResolvedAxis(chart.amount, data: low...high, leastPositive: least, count: 5))
  }
}

extension Layer {
  /// Whether the mark itself is drawn in the colours of amounts. A text only has them as its background.
  var hasColorsOfAmounts: Bool {
    if case .text = mark { false } else { amounts != nil }
  }
}
