/// Values of a named group: the latencies of one device, or the errors of one method.
public struct Distribution: Codable, Hashable, Sendable {
  public var label: String
  public var values: [Double]

  public init(label: String = "", values: [Double]) {
    self.label = label
    self.values = values
  }

  /// Values grouped by their names, in the order in which names first appear.
  ///
  /// ```swift
  /// Chart.violins(Distribution.grouped(latencies, by: devices))
  /// ```
  public static func grouped(_ values: [Double], by names: [String]) -> [Distribution] {
    var groups: [Distribution] = []
    var positions: [String: Int] = [:]
    for (value, name) in zip(values, names) {
      if let position = positions[name] {
        groups[position].values.append(value)
      } else {
        positions[name] = groups.count
        groups.append(Distribution(label: name, values: [value]))
      }
    }
    return groups
  }

  /// A summary in words: median, quartiles and count.
  func summary(format: NumberFormat) -> Phrase {
    let quantiles = Quantiles(values)
    guard !quantiles.sorted.isEmpty else { return Phrase(.nothing).named(label) }
    let figures = [0.5, 0.25, 0.75].map { Phrase.Argument.number(quantiles($0) ?? .nan, format) }
    return Phrase.term(.distributionSummary, figures + [.number(Double(quantiles.sorted.count), .integer)]).named(label)
  }
}
