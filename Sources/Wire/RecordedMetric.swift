import Plot

/// A figure that a cell recorded by `metric`.
package struct RecordedMetric: Codable, Hashable, Sendable {
  package var name: String
  package var value: Double
  package var unit: String?
  /// The better of two values: lower, higher, or nil for neither.
  package var better: Table.Column.Direction?
  package var format: NumberFormat

  package init(
    _ name: String, _ value: Double, unit: String? = nil, better: Table.Column.Direction? = nil,
    format: NumberFormat = .automatic
  ) {
    // A line break would break every table with the figure.
    self.name = name.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    self.value = value
    self.unit = unit
    self.better = better
    self.format = format
  }

  /// The value as text, with its unit.
  package var text: String {
    unit.map { "\(format.text(value)) \($0)" } ?? format.text(value)
  }
}
