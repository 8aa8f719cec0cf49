/// The samples of FOX-NAS (Liu and others, 2021) in the form of its regression: 35 terms for a network's five stages.
///
/// The terms of each stage, which is named by its output channels 24, 40, 80, 112 and 160, are: its number of blocks
/// (`tot`), their mean expansion and kernel (`avg_e`, `avg_k`), the sums of both at the transition to it (`tot_e`,
/// `tot_k`), and the products of both means with the number of blocks.
///
/// ```swift
/// let samples = try FOXNASTable(CSVTable.read("model_data_CPU_256.csv"))
/// let fit = try OrdinaryLeastSquares(names: samples.names, rows: samples.rows, targets: samples.latencies)
/// ```
public struct FOXNASTable: Codable, Hashable, Sendable {
  public let names: [String]
  public let rows: [[Double]]
  /// The latencies, in milliseconds.
  public let latencies: [Double]

  private static let stages = [24, 40, 80, 112, 160]
  private static let transitions = ["16_24", "24_40", "40_80", "80_112", "112_160"]

  /// - Throws: `InputError` at the place of a missing column or of a value that is not a number.
  public init(_ table: CSVTable) throws {
    let stages = Self.stages
    let plain =
      stages.map { "tot_\($0)" } + stages.map { "avg_e_\($0)" } + stages.map { "avg_k_\($0)" }
      + Self.transitions.map { "tot_e_\($0)" } + Self.transitions.map { "tot_k_\($0)" }
    let products = ["e", "k"].flatMap { kind in stages.map { ("avg_\(kind)_\($0)", "tot_\($0)") } }
    let columns = try plain.map { try Self.numbers($0, table) }
    let values = Dictionary(zip(plain, columns), uniquingKeysWith: { first, _ in first })
    let multiplied = products.map { left, right in
      zip(values[left] ?? [], values[right] ?? []).map { $0 * $1 }
    }
    let all = columns + multiplied
    names = plain + products.map { "\($0) x \($1)" }
    latencies = try Self.numbers("latency", table)
    rows = latencies.indices.map { row in all.map { $0[row] } }
  }

  private static func numbers(_ column: String, _ table: CSVTable) throws -> [Double] {
    let index = try table.index(of: column)
    return try table.rows.map { row in
      guard let value = Double(row[index]), value.isFinite else {
        throw InputError(
          "the \(column) \"\(row[index])\" is not a number", at: table.place(of: row, column: index),
          remedy: "Write it like 2.7262, with a point and without a unit.")
      }
      return value
    }
  }
}
