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
    func oneLine(_ text: String) -> String { text.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
    self.name = oneLine(name)
    self.value = value
    self.unit = unit.map(oneLine).flatMap { $0.isEmpty ? nil : $0 }
    self.better = better
    self.format = format
  }

  /// The value as text, with its unit.
  package var text: String {
    unit.map { "\(format.text(value)) \($0)" } ?? format.text(value)
  }
}
