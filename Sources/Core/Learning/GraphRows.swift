import Numerics

/// The encoded graphs of a batch on a tape, concatenated. Neural networks on graphs read them.
public final class GraphRows {
  /// The features, with one row for each node.
  public let features: Variable
  /// The range of rows of each graph.
  public let graphs: Segments
  /// For each row the rows that it aggregates.
  private let neighbours: [[Int]]

  /// - Parameter samples: Indices of graphs in `encoded`. A graph that is named several times is repeated.
  public init(_ samples: some Collection<Int>, of encoded: EncodedGraphs, on tape: Tape) {
    var values: [Float] = []
    var lengths: [Int] = []
    var neighbours: [[Int]] = []
    values.reserveCapacity(samples.count * 10 * encoded.featureCount)
    for sample in samples {
      let rows = encoded.nodeOffsets[sample]..<encoded.nodeOffsets[sample + 1]
      let start = neighbours.count
      values += encoded.features[rows.lowerBound * encoded.featureCount..<rows.upperBound * encoded.featureCount]
      for row in rows {
        let range = encoded.neighbourOffsets[row]..<encoded.neighbourOffsets[row + 1]
        neighbours.append(encoded.neighbours[range].map { start + Int($0) })
      }
      lengths.append(rows.count)
    }
    features = tape.constant(singles: values, rows: neighbours.count, columns: encoded.featureCount)
    graphs = Segments(lengths: lengths)
    self.neighbours = neighbours
  }

  public var tape: Tape { features.tape }
  public var rowCount: Int { neighbours.count }

  /// A matrix that sums, for each row, the rows that it aggregates.
  public func neighbourSums() throws -> SparseMatrix {
    try SparseMatrix(rows: neighbours.map { $0.map { ($0, 1) } }, columnCount: rowCount)
  }

  /// A matrix that takes, for each row, the mean of the rows that it aggregates; 0 where there are none.
  public func neighbourMeans() throws -> SparseMatrix {
    try SparseMatrix(
      rows: neighbours.map { row in row.map { ($0, 1 / Float(row.count)) } }, columnCount: rowCount)
  }

  /// A matrix that takes, for each row, the mean of the rows that aggregate it: the other direction of
  /// `neighbourMeans`.
  public func transposedMeans() throws -> SparseMatrix {
    var others = [[Int]](repeating: [], count: rowCount)
    for (row, summed) in neighbours.enumerated() { for neighbour in summed { others[neighbour].append(row) } }
    return try SparseMatrix(
      rows: others.map { row in row.map { ($0, 1 / Float(row.count)) } }, columnCount: rowCount)
  }

  /// The number of rows that each row aggregates, as a column.
  public var degrees: Variable {
    tape.constant(neighbours.map { Double($0.count) }, rows: rowCount, columns: 1)
  }

  /// Matrices that select both ends of each edge, and the edges of each row as segments.
  public func edges() throws -> (rows: SparseMatrix, neighbours: SparseMatrix, byRow: Segments) {
    let rows = neighbours.indices.flatMap { row in neighbours[row].map { _ in row } }
    return (
      try SparseMatrix(picking: rows, of: rowCount),
      try SparseMatrix(picking: neighbours.flatMap { $0 }, of: rowCount), Segments(lengths: neighbours.map(\.count))
    )
  }
}

extension Variable {
  /// Each row divided by its Euclidean norm, or by 1e-6 if the norm is smaller.
  func normalisedRows() throws -> Variable {
    try self / ((self * self).rowSums() + 1e-12).map(.squareRoot)
  }
}
