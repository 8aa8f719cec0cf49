/// A table of vectors that are looked up by number: row `i` of the result is row `numbers[i]` of the table.
///
/// ```swift
/// let operations = Embedding("operation", count: 12, width: 64, in: &layout)
/// let x = try operations(SparseMatrix(picking: codes, of: 12), weights)
/// ```
public struct Embedding: Sendable {
  public let table: ParameterLayout.Tensor

  /// The table is initialised uniformly within 1 / sqrt(width).
  public init(_ name: String, count: Int, width: Int, in layout: inout ParameterLayout) {
    table = layout.add(
      "\(name).table", rows: count, columns: width, .uniform(bound: 1 / Double(max(width, 1)).squareRoot()))
  }

  /// - Parameter numbers: A matrix made by `SparseMatrix(picking:of:)`.
  /// - Throws: `TapeError` when it selects from another number of rows.
  public func callAsFunction(_ numbers: SparseMatrix, _ weights: Weights) throws -> Variable {
    try numbers.sums(of: weights[table])
  }
}
