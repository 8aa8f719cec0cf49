/// A table as data: columns, each with a format, and rows of values. It provides texts, alignment and best values, so
/// that writers only write them.
///
/// ```swift
/// Table(
///   columns: ["设置", .number("平均差距", unit: "ms", decimals: 4, better: .lower), .percent("精度", better: .higher)],
///   rows: runs.map { [$0.label, $0.meanGap, $0.accuracy] },
///   caption: "八种设置")
/// ```
public struct Table: Codable, Hashable, Sendable {
  public var columns: [Column]
  /// Rows of values. A row shorter than the columns ends with missing values.
  public private(set) var rows: [[Value]]
  public var caption: String?
  /// The rows whose number of values differs from the number of columns; nil for none.
  public private(set) var uneven: UnevenRows?

  /// A table of strings, numbers and `nil`. Values beyond the columns are left out.
  public init(columns: [Column], rows: [[(any TableEntry)?]], caption: String? = nil) {
    self.columns = columns
    self.rows = []
    self.caption = caption
    for row in rows { append(row) }
  }

  public mutating func append(_ row: [(any TableEntry)?]) {
    if row.count != columns.count {
      uneven = uneven ?? UnevenRows(first: rows.count + 1, values: row.count)
      uneven?.count += 1
    }
    let values = row.prefix(columns.count).map { $0?.tableValue ?? .missing }
    rows.append(values + Array(repeating: .missing, count: columns.count - values.count))
  }

  /// Column titles with their units: "mean gap (ms)".
  public var headings: [String] {
    columns.map { column in column.unit.map { "\(column.title) (\($0))" } ?? column.title }
  }

  /// Column titles with their units in the notation of a language: `平均差距（ms）`.
  ///
  /// - Parameter language: BCP 47 tag.
  public func headings(language: String) -> [String] {
    columns.map { column in
      guard let unit = column.unit else { return column.title }
      return Phrase(.withUnit, .phrase(.words(column.title)), .phrase(.words(unit))).text(language: language)
    }
  }

  /// The value's text in its column's format; an en dash if it is missing.
  public func text(row: Int, column: Int) -> String {
    switch value(row: row, column: column) {
    case .text(let text): text
    case .missing: "–"
    case .number(let number): format(of: column).text(number)
    }
  }

  /// All texts, row by row.
  public var texts: [[String]] {
    rows.indices.map { row in columns.indices.map { text(row: row, column: $0) } }
  }

  /// The rows whose displayed value is the column's best; none unless the column has a better direction and two
  /// values differ.
  ///
  /// A value that is not finite is never best.
  public func bestRows(column: Int) -> [Int] {
    guard let better = columns[column].better else { return [] }
    let numbers = rows.indices.compactMap { row -> (row: Int, value: Double)? in
      guard case .number(let value) = self.value(row: row, column: column), value.isFinite else { return nil }
      return (row, value)
    }
    let best = better == .lower ? numbers.min { $0.value < $1.value } : numbers.max { $0.value < $1.value }
    guard let best else { return [] }
    let shown = text(row: best.row, column: column)
    let rowsOfBest = numbers.map(\.row).filter { text(row: $0, column: column) == shown }
    return rowsOfBest.count < numbers.count ? rowsOfBest : []
  }

  /// The start and the end of a number's bar, as fractions of the bars' width: from zero to the number, on a scale
  /// with zero that all bars of the column share; nil in a column without bars and for a missing number.
  ///
  /// A column of percentages has a scale from 0 to 100 % unless a number is outside.
  public func bar(row: Int, column: Int) -> ClosedRange<Double>? {
    guard columns[column].showsBars, case .number(let number) = value(row: row, column: column), number.isFinite
    else { return nil }
    let numbers = finiteNumbers(column: column)
    let low = min(0, numbers.min() ?? 0)
    var high = max(0, numbers.max() ?? 0)
    if case .percent = columns[column].format, low == 0, high <= 1 { high = 1 }
    guard high > low else { return 0...0 }
    let (zero, end) = (-low / (high - low), (number - low) / (high - low))
    return min(zero, end)...max(zero, end)
  }

  /// Columns of numbers are right-aligned, so that their decimal points are aligned; all others are left-aligned.
  public func alignment(column: Int) -> Alignment {
    let values = rows.indices.map { value(row: $0, column: column) }
    let hasNumber = values.contains { if case .number = $0 { true } else { false } }
    let hasText = values.contains { if case .text = $0 { true } else { false } }
    return hasNumber && !hasText ? .right : .left
  }

  /// The data that the table leaves out, as a few words each that follow the table's name in a warning.
  package var omissions: [String] {
    if rows.isEmpty { return ["has no rows"] }
    if rows.allSatisfy({ $0.allSatisfy { $0 == .missing } }) { return ["has only missing values"] }
    guard let uneven else { return [] }
    let rest = uneven.values < columns.count ? "the rest is missing" : "the last ones are left out"
    let more = uneven.count - 1
    let others = more > 0 ? ", and \(more) more \(more == 1 ? "row doesn't" : "rows don't") fit the columns" : ""
    return [
      "has \(uneven.values) value\(uneven.values == 1 ? "" : "s") in row \(uneven.first) for "
        + "\(columns.count) columns: \(rest)\(others)"
    ]
  }

  public enum Alignment: String, Codable, Hashable, Sendable {
    case left, right
  }

  /// An automatic format gives all numbers of the column the same number of decimals: as many as four significant
  /// digits of the greatest number need, and none for a column of whole numbers.
  private func format(of column: Int) -> NumberFormat {
    guard columns[column].format == .automatic else { return columns[column].format }
    return .common(to: finiteNumbers(column: column))
  }

  private func finiteNumbers(column: Int) -> [Double] {
    rows.indices.compactMap { row -> Double? in
      guard case .number(let number) = value(row: row, column: column), number.isFinite else { return nil }
      return number
    }
  }

  /// A row that was added before its last columns, or read from a file, may be shorter than the columns.
  private func value(row: Int, column: Int) -> Value {
    rows[row].indices.contains(column) ? rows[row][column] : .missing
  }
}

/// Rows whose number of values differs from the number of columns of their table.
public struct UnevenRows: Codable, Hashable, Sendable {
  /// The first of these rows, counted from 1, and its number of values.
  public var first: Int
  public var values: Int
  public var count = 0

  init(first: Int, values: Int) {
    (self.first, self.values) = (first, values)
  }
}
